using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands;

/// <summary>Asks for what deploy must know, and writes it down, so that the bare command is enough.</summary>
internal sealed class DeployInit
{
    private readonly TextReader answers;
    private readonly JsonObject file;
    private readonly CancellationToken cancellation;

    private DeployInit(TextReader answers, JsonObject file, CancellationToken cancellation) =>
        (this.answers, this.file, this.cancellation) = (answers, file, cancellation);

    /// <summary>An empty answer keeps what stands in brackets, and - removes it; what cannot be used is asked again.</summary>
    /// <exception cref="UsageException">The file that is there cannot be used, or the answers end too early.</exception>
    /// <exception cref="InterruptedException">Nothing is written.</exception>
    public static int Ask(ConsoleOutput console, TextReader answers, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, DeploySettings.FileName);
        var asked = new DeployInit(answers, DeploySettings.Read(folder).Copy(), cancellation);
        try
        {
            asked.Machine();
            asked.Training();
        }
        catch (EndOfStreamException)
        {
            throw new UsageException("deploy --init asks, and its input ended; nothing was written");
        }
        AtomicFile.WriteText(path, asked.file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        console.Result(
            $"{path} is written; now: attn-crnn deploy   (train's other flags go into its \"{DeploySettings.Train}\")"
        );
        return ExitCode.Done;
    }

    private void Machine()
    {
        Text("to", "Where: ssh (a machine), slurm (a cluster), or local (a session on this machine)", "ssh", answer =>
            answer is "ssh" or "slurm" or "local"
                ? answer
                : throw new UsageException($"{answer}: expected ssh, slurm or local")
        );
        var to = file["to"]!.ToString();
        if (to == "local")
            file.Remove("host");
        else
            Text(
                "host",
                to == "ssh"
                    ? "Host (user@host, or a name from ~/.ssh/config)"
                    : "Host from which jobs are submitted (user@host; empty: this one)",
                null,
                answer =>
                    answer is not null ? new RemoteHost(answer).Name
                    : to == "slurm" ? null
                    : throw new UsageException("without a host there is nothing to write")
            );
        if (file["host"] is null)
        {
            foreach (var key in (string[])["key", "port"])
                file.Remove(key);
        }
        else
        {
            Text("key", "Private key (empty: what ssh is configured to use)", null, answer => answer);
            Number("port", "Port (empty: what ssh is configured to use)", null, 65535, file);
        }
        Text(
            "dir",
            to == "slurm" ? "Folder there, which all nodes see under that path" : "Folder there",
            RemoteFolder.Default,
            answer => RemoteFolder.Clean(answer!)
        );
        if (to == "slurm")
            List(
                "sbatch",
                "Options of sbatch, with spaces between, as partition=long time=08:00:00 mem=8G (empty: the cluster's defaults)",
                options => _ = new SbatchOptions(options)
            );
        else
            file.Remove("sbatch");
    }

    private void Training()
    {
        List(
            DeploySettings.DataDirs,
            "Folders of features here, with spaces between (one whose name has spaces can be written into the file)",
            folders =>
            {
                if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
                    Console.Error.WriteLine($"{missing} is not there yet: deploy will want it");
            }
        );
        var train = (JsonObject?)file[DeploySettings.Train] ?? [];
        Number("epochs", "Epochs at most", 30, int.MaxValue, train);
        file[DeploySettings.Train] = train;
    }

    // Asks until the answer can be used.
    private T Question<T>(string text, string? now, Func<string?, T> use)
    {
        while (true)
        {
            Console.Error.Write($"{text}{(now is null ? "" : $" [{now}]")}: ");
            var answer = (Answer() ?? throw new EndOfStreamException()).Trim();
            try
            {
                return use(
                    answer is "-" ? null
                    : answer.Length > 0 ? answer
                    : now
                );
            }
            catch (Exception fault) when (fault is UsageException or RemoteException)
            {
                Console.Error.WriteLine(fault.Message);
            }
        }
    }

    // On a thread of its own, which ends with the program: nothing else gets out of a terminal's read.
    private string? Answer()
    {
        try
        {
            return Task.Run(answers.ReadLine, CancellationToken.None).WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(); // behind the question
            throw new InterruptedException("interrupted; nothing was written");
        }
    }

    private void Text(string key, string text, string? byDefault, Func<string?, string?> use)
    {
        var answer = Question(text, file[key]?.ToString() ?? byDefault, given => use(given ?? byDefault));
        file.Remove(key);
        if (answer is not null)
            file[key] = answer;
    }

    private void Number(string key, string text, int? byDefault, int max, JsonObject into)
    {
        var answer = Question(
            text,
            (into[key] as JsonValue)?.ToString() ?? byDefault?.ToString(CultureInfo.InvariantCulture),
            given =>
                given is null ? byDefault
                : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                && number <= max
                    ? number
                : throw new UsageException($"{given}: expected 1 to {max}")
        );
        into.Remove(key);
        if (answer is not null)
            into[key] = answer;
    }

    // What stands in the file stays as it stands there: a name in it may have spaces.
    private void List(string key, string text, Action<string[]> check)
    {
        var kept = file[key] switch
        {
            JsonArray all => all.Select(item => item!.ToString()).ToArray(),
            { } one => [one.ToString()],
            null => null,
        };
        var now = kept is null ? null : string.Join(' ', kept);
        var items = Question(text, now, answer =>
        {
            var words =
                answer is null ? null
                : answer == now ? kept
                : answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            check(words ?? []);
            return words;
        });
        if (items == kept)
            return;
        file.Remove(key);
        if (items is not null)
            file[key] = new JsonArray([.. items.Select(item => (JsonNode)item)]);
    }
}
