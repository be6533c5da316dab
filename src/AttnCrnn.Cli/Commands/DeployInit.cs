using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Formats;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.Commands;

/// <summary>Asks for what deploy must know, and writes it down, so that the bare command is enough.</summary>
internal sealed class DeployInit
{
    private readonly TextReader answers;
    private readonly JsonObject file;

    private DeployInit(TextReader answers, JsonObject file) => (this.answers, this.file) = (answers, file);

    /// <summary>An empty answer keeps what stands in brackets, and - removes it.</summary>
    /// <exception cref="UsageException">The answers end too early, or one cannot be used.</exception>
    public static int Ask(Shell shell, TextReader answers, string folder)
    {
        var path = Path.Combine(folder, DeploySettings.FileName);
        var asked = new DeployInit(answers, File.Exists(path) ? ConfigFile.Read(path) : []);
        asked.Machine();
        asked.Training();
        AtomicFile.WriteText(path, asked.file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        shell.Print($"{path} is written; now: attn-crnn deploy   (train's other flags go into its \"{DeploySettings.Train}\")");
        return ExitCode.Done;
    }

    private void Machine()
    {
        Text("to", "Where: ssh (a machine), slurm (a cluster), or local (a session on this machine)", "ssh");
        var to = file["to"]!.ToString();
        if (to is not ("ssh" or "slurm" or "local")) throw new UsageException($"{to}: expected ssh, slurm or local");
        if (to == "ssh")
        {
            Text("host", "Host (user@host, or a name from ~/.ssh/config)", null);
            if (file["host"] is null) throw new UsageException("deploy --init: without a host there is nothing to write");
        }
        else if (to == "slurm") Text("host", "Host from which jobs are submitted (user@host; empty: this one)", null);
        else file.Remove("host");
        if (file["host"] is null)
        {
            foreach (var key in (string[])["key", "port"]) file.Remove(key);
        }
        else
        {
            Text("key", "Private key (empty: what ssh is configured to use)", null);
            Number("port", "Port (empty: what ssh is configured to use)", null, 65535, file);
        }
        Text("dir", to == "slurm" ? "Folder there, which all nodes see under that path" : "Folder there", RemoteFolder.Default);
        file["dir"] = RemoteFolder.Clean(file["dir"]!.ToString());
        if (to != "slurm") file.Remove("sbatch");
        else if (List("sbatch", "Options of sbatch, with spaces between, as partition=long time=08:00:00 mem=8G (empty: the cluster's defaults)") is { } options) _ = new SbatchOptions(options);
    }

    private void Training()
    {
        List(DeploySettings.DataDirs, "Folders of features here, with spaces between (one whose name has spaces can be written into the file)");
        var train = (JsonObject?)file[DeploySettings.Train] ?? [];
        Number("epochs", "Epochs at most", 30, int.MaxValue, train);
        file[DeploySettings.Train] = train;
    }

    private string? Question(string text, string? now)
    {
        Console.Error.Write($"{text}{(now is null ? "" : $" [{now}]")}: ");
        var answer = (answers.ReadLine() ?? throw new UsageException("deploy --init asks, and its input ended")).Trim();
        return answer is "-" ? null : answer.Length > 0 ? answer : now;
    }

    private void Text(string key, string text, string? byDefault)
    {
        var answer = Question(text, file[key]?.ToString() ?? byDefault) ?? byDefault;
        file.Remove(key);
        if (answer is not null) file[key] = answer;
    }

    private void Number(string key, string text, int? byDefault, int most, JsonObject into)
    {
        var answer = Question(text, into[key]?.ToString() ?? byDefault?.ToString(CultureInfo.InvariantCulture)) ?? byDefault?.ToString(CultureInfo.InvariantCulture);
        into.Remove(key);
        if (answer is not null)
            into[key] = int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : throw new UsageException($"{key} {answer}: expected 1 to {most}");
    }

    // What stands in the file stays as it stands there: a name in it may have spaces.
    private string[]? List(string key, string text)
    {
        var kept = file[key] switch
        {
            JsonArray all => all.Select(item => item!.ToString()).ToArray(),
            { } one => [one.ToString()],
            null => null,
        };
        var now = kept is null ? null : string.Join(' ', kept);
        var answer = Question(text, now);
        if (answer == now) return kept;
        file.Remove(key);
        var items = answer?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (items is not null) file[key] = new JsonArray([.. items.Select(item => (JsonNode)item)]);
        return items;
    }
}
