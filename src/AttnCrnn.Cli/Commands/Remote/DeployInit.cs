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
    private readonly DeploySettings currentSettings;
    private readonly JsonObject newSettings;
    private readonly CancellationToken cancellation;

    private DeployInit(TextReader answers, DeploySettings current, CancellationToken cancellation)
    {
        this.answers = answers;
        this.currentSettings = current;
        newSettings = current.Copy();
        this.cancellation = cancellation;
    }

    /// <summary>
    /// An empty answer keeps the value in brackets, - removes it, an invalid answer is requested again.
    /// </summary>
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
        AtomicFile.WriteText(
            path,
            dialog.newSettings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n"
        );
        console.WriteResult(
            $"wrote {path}; next: attn-crnn deploy   "
                + $"(further options of train can be added to its \"{DeploySettings.Train}\")"
        );
        return ExitCode.Success;
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
            newSettings.Remove("host");
        else
            host = AskText(
                "host",
                destination == "ssh"
                    ? "Host (user@host, or a name from ~/.ssh/config)"
                    : "Host from which jobs are submitted (user@host; empty: this machine)",
                null,
                answer =>
                    answer is not null ? new RemoteHost(answer).Name
                    : destination == "slurm" ? null
                    : throw new UsageException("a host is required")
            );
        if (host is null)
        {
            foreach (var key in (string[])["key", "port"])
                newSettings.Remove(key);
        }
        else
        {
            AskText("key", "Private key (empty: as configured for ssh)", null, answer => answer);
            var port = AskNumber("Port (empty: as configured for ssh)", currentSettings.Find("port"), null, 65535);
            Set(newSettings, "port", port);
        }
        AskText(
            "dir",
            destination == "slurm" ? "Working folder, at the same path on all nodes" : "Working folder on the machine",
            RemoteFolder.Default,
            answer => RemoteFolder.Normalize(answer!)
        );
        if (destination == "slurm")
            AskList(
                "sbatch",
                "Options of sbatch, separated by spaces, for example partition=long time=08:00:00 mem=8G "
                    + "(empty: the cluster's defaults)",
                options => _ = new SbatchOptions(options)
            );
        else
            newSettings.Remove("sbatch");
    }

    private void AskTraining()
    {
        AskList(
            DeploySettings.DataDirs,
            "Feature folders on this machine, separated by spaces "
                + "(to use a folder whose name contains spaces, edit the file)",
            folders =>
            {
                if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missingFolder)
                    Console.Error.WriteLine($"{missingFolder} does not exist yet: deploy requires it");
            }
        );
        var train = (JsonObject?)newSettings[DeploySettings.Train] ?? [];
        var epochs = currentSettings.Find(DeploySettings.Train)?.Find("epochs");
        Set(train, "epochs", AskNumber("Maximum number of epochs", epochs, 30, int.MaxValue));
        newSettings[DeploySettings.Train] = train;
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
            catch (Exception exception) when (exception is UsageException or RemoteException)
            {
                Console.Error.WriteLine(exception.Message);
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
            Console.Error.WriteLine(); // ends the line of the question
            throw new InterruptedException("interrupted; nothing was written");
        }
    }

    private string? AskText(string key, string text, string? defaultValue, Func<string?, string?> parse)
    {
        var answer = Ask(text, currentSettings.Find(key)?.AsText() ?? defaultValue, input =>
            parse(input ?? defaultValue)
        );
        Set(newSettings, key, answer);
        return answer;
    }

    private int? AskNumber(string text, JsonCursor? existing, int? defaultValue, int max) =>
        Ask(
            text,
            existing?.AsInt64()?.ToString(CultureInfo.InvariantCulture)
                ?? existing?.AsText()
                ?? defaultValue?.ToString(CultureInfo.InvariantCulture),
            input =>
                input is null ? defaultValue
                : int.TryParse(input, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                && number <= max
                    ? number
                : throw new UsageException($"{input}: expected 1 to {max}")
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
        var existing = currentSettings.FindList(key);
        var existingText = existing is null ? null : string.Join(' ', existing);
        var items = Ask(text, existingText, answer =>
        {
            var newItems =
                answer is null ? null
                : answer == existingText ? existing
                : answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            check(newItems ?? []);
            return newItems;
        });
        if (items == existing)
            return;
        Set(newSettings, key, items is null ? null : new JsonArray([.. items.Select(item => (JsonNode)item)]));
    }
}
