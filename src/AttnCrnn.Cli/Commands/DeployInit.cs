using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Formats;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.Commands;

/// <summary>Asks for what deploy must know, and writes it down, so that the bare command is enough.</summary>
internal static class DeployInit
{
    /// <summary>An empty answer keeps what stands in brackets.</summary>
    /// <exception cref="UsageException">The answers end too early, or one cannot be used.</exception>
    public static int Ask(Shell shell, TextReader answers, string folder)
    {
        var path = Path.Combine(folder, DeploySettings.FileName);
        var file = File.Exists(path) ? ConfigFile.Read(path) : [];
        string? Question(string key, string text, string? byDefault)
        {
            var now = file[key] is JsonArray list ? string.Join(' ', list.Select(item => item?.ToString())) : file[key]?.ToString() ?? byDefault;
            Console.Error.Write($"{text}{(now is null ? "" : $" [{now}]")}: ");
            var answer = (answers.ReadLine() ?? throw new UsageException("deploy --init asks, and its input ended")).Trim();
            return answer.Length > 0 ? answer : now;
        }
        Set(file, "host", Question("host", "Host (user@host, or a name from ~/.ssh/config)", null) ?? throw new UsageException("deploy --init: without a host there is nothing to write"));
        Set(file, "key", Question("key", "Private key (empty: what ssh is configured to use)", null));
        var port = Question("port", "Port (empty: what ssh is configured to use)", null);
        file.Remove("port");
        if (port is not null) file["port"] = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536 ? number : throw new UsageException($"port {port}: expected 1 to 65535");
        var dir = Question("dir", "Folder there", RemoteFolder.Default)!;
        Set(file, "dir", RemoteFolder.Clean(dir));
        var data = Question(DeploySettings.DataDirs, "Folders of features here, with spaces between (one whose name has spaces can be written into the file)", null);
        if (data is not null && file[DeploySettings.DataDirs] is not JsonArray kept || data is not null && data != string.Join(' ', ((JsonArray)file[DeploySettings.DataDirs]!).Select(item => item?.ToString())))
            file[DeploySettings.DataDirs] = new JsonArray([.. data.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => (JsonNode)item)]);
        var train = (JsonObject?)file[DeploySettings.Train] ?? [];
        var epochs = Question("epochs", "Epochs at most", train["epochs"]?.ToString() ?? "30")!;
        train["epochs"] = int.TryParse(epochs, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many > 0 ? many : throw new UsageException($"epochs {epochs}: expected a number from 1");
        file[DeploySettings.Train] = train;
        AtomicFile.WriteText(path, file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        shell.Print($"{path} is written; now: attn-crnn deploy   (train's other flags go into its \"{DeploySettings.Train}\")");
        return ExitCode.Done;
    }

    private static void Set(JsonObject file, string key, string? text)
    {
        file.Remove(key);
        if (text is not null) file[key] = text;
    }
}
