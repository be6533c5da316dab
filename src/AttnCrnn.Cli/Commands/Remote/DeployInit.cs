using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Asks for the settings of deploy and writes them to deploy.json.</summary>
internal sealed class DeployInit
{
    private readonly TextReader answers;
    private readonly DeploySettings current;
    private readonly JsonObject file; // with the answers
    private readonly CancellationToken cancellation;

    private DeployInit(TextReader answers, DeploySettings current, CancellationToken cancellation)
    {
        this.answers = answers;
        this.current = current;
        file = current.Copy();
        this.cancellation = cancellation;
    }

    /// <summary>An empty answer keeps the value in brackets, - removes it, an invalid one is asked again.</summary>
    /// <exception cref="UsageException">The existing file is invalid, or the input ends too early.</exception>
    /// <exception cref="InterruptedException">Interrupted; nothing is written.</exception>
    public static int Ask(ConsoleOutput console, TextReader answers, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, DeploySettings.FileName);
        var dialog = new DeployInit(answers, DeploySettings.Read(folder), cancellation);
        try
        {
            dialog.AskMachine();
            dialog.AskTraining();
        }
        catch (EndOfStreamException)
        {
            throw new UsageException("deploy --init: the input ended before the last answer; nothing was written");
        }
        AtomicFile.WriteText(path, dialog.file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        console.Result(
            $"{path} is written; now: attn-crnn deploy   "
                + $"(other options of train go into its \"{DeploySettings.Train}\")"
        );
        return ExitCode.Done;
    }

    private void AskMachine()
    {
        var destination = AskText(
            "to",
            "Where: ssh (a machine), slurm (a cluster), or local (a session on this machine)",
            "ssh",
            answer =>
                answer is "ssh" or "slurm" or "local"
                    ? answer
                    : throw new UsageException($"{answer}: expected ssh, slurm or local")
        );
        string? host = null;
        if (destination == "local")
            file.Remove("host");
        else
            host = AskText(
                "host",
                destination == "ssh"
                    ? "Host (user@host, or a name from ~/.ssh/config)"
                    : "Host from which jobs are submitted (user@host; empty: this one)",
                null,
                answer =>
                    answer is not null ? new RemoteHost(answer).Name
                    : destination == "slurm" ? null
                    : throw new UsageException("a host is required")
            );
        if (host is null)
        {
            foreach (var key in (string[])["key", "port"])
                file.Remove(key);
        }
        else
        {
            AskText("key", "Private key (empty: what ssh is configured to use)", null, answer => answer);
            var port = AskNumber("Port (empty: what ssh is configured to use)", current.Find("port"), null, 65535);
            Set(file, "port", port);
        }
        AskText(
            "dir",
            destination == "slurm"
                ? "Working folder, which all nodes see under the same path"
                : "Working folder on the machine",
            RemoteFolder.Default,
            answer => RemoteFolder.Clean(answer!)
        );
        if (destination == "slurm")
            AskList(
                "sbatch",
                "Options of sbatch, separated by spaces, for example partition=long time=08:00:00 mem=8G "
                    + "(empty: the cluster's defaults)",
                options => _ = new SbatchOptions(options)
            );
        else
            file.Remove("sbatch");
    }

    private void AskTraining()
    {
        AskList(
            DeploySettings.DataDirs,
            "Feature folders on this machine, separated by spaces "
                + "(a folder whose name has spaces can be written into the file)",
            folders =>
            {
                if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
                    Console.Error.WriteLine($"{missing} does not exist yet: deploy will need it");
            }
        );
        var train = (JsonObject?)file[DeploySettings.Train] ?? [];
        var epochs = current.Find(DeploySettings.Train)?.Find("epochs");
        Set(train, "epochs", AskNumber("Maximum number of epochs", epochs, 30, int.MaxValue));
        file[DeploySettings.Train] = train;
    }

    // Asks until the answer is valid.
    private T Ask<T>(string text, string? current, Func<string?, T> parse)
    {
        while (true)
        {
            Console.Error.Write($"{text}{(current is null ? "" : $" [{current}]")}: ");
            var answer = (ReadAnswer() ?? throw new EndOfStreamException()).Trim();
            try
            {
                return parse(
                    answer is "-" ? null
                    : answer.Length > 0 ? answer
                    : current
                );
            }
            catch (Exception fault) when (fault is UsageException or RemoteException)
            {
                Console.Error.WriteLine(fault.Message);
            }
        }
    }

    // On another thread, which ends with the program: a blocking read of a terminal cannot be canceled.
    private string? ReadAnswer()
    {
        try
        {
            return Task.Run(answers.ReadLine, CancellationToken.None).WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(); // after the question
            throw new InterruptedException("interrupted; nothing was written");
        }
    }

    private string? AskText(string key, string text, string? byDefault, Func<string?, string?> parse)
    {
        var answer = Ask(text, current.Find(key)?.AsText() ?? byDefault, given => parse(given ?? byDefault));
        Set(file, key, answer);
        return answer;
    }

    private int? AskNumber(string text, JsonCursor? existing, int? byDefault, int max) =>
        Ask(
            text,
            existing?.AsInt64()?.ToString(CultureInfo.InvariantCulture)
                ?? existing?.AsText()
                ?? byDefault?.ToString(CultureInfo.InvariantCulture),
            given =>
                given is null ? byDefault
                : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                && number <= max
                    ? number
                : throw new UsageException($"{given}: expected 1 to {max}")
        );

    // At the end of the object; without a value, the key is removed.
    private static void Set(JsonObject settings, string key, JsonNode? value)
    {
        settings.Remove(key);
        if (value is not null)
            settings[key] = value;
    }

    // An unchanged list is kept as it is in the file: its elements may contain spaces.
    private void AskList(string key, string text, Action<string[]> check)
    {
        var existing = current.FindList(key);
        var shown = existing is null ? null : string.Join(' ', existing);
        var items = Ask(text, shown, answer =>
        {
            var words =
                answer is null ? null
                : answer == shown ? existing
                : answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            check(words ?? []);
            return words;
        });
        if (items == existing)
            return;
        Set(file, key, items is null ? null : new JsonArray([.. items.Select(item => (JsonNode)item)]));
    }
}
