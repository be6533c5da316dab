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
    public static async Task<int> AskAsync(
        ConsoleOutput console,
        TextReader answers,
        string folder,
        CancellationToken cancellation
    )
    {
        var path = Path.Combine(folder, DeploySettings.FileName);
        var dialog = new DeployInit(answers, DeploySettings.Read(folder), cancellation);
        try
        {
            await dialog.AskMachineAsync().ConfigureAwait(false);
            await dialog.AskTrainingAsync().ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new UsageException("deploy --init: the input ended before the last answer; nothing was written");
        }
        AtomicFile.WriteText(
            path,
            dialog.newSettings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n"
        );
        console.WriteResultText(
            $"wrote {path} (further options of train can be added to its \"{DeploySettings.Train}\"); next\n"
                + PrintedCommand.Format("deploy"),
            indent: 0
        );
        return ExitCode.Success;
    }

    private async Task AskMachineAsync()
    {
        var destination = await AskTextAsync(
                "to",
                "Where: ssh (a machine), slurm (a cluster), or local (a session on this machine)",
                "ssh",
                answer =>
                    answer is "ssh" or "slurm" or "local"
                        ? answer
                        : throw new UsageException($"{answer}: expected ssh, slurm or local")
            )
            .ConfigureAwait(false);
        string? host = null;
        if (destination == "local")
            newSettings.Remove("host");
        else
            host = await AskTextAsync(
                    "host",
                    destination == "ssh"
                        ? "Host (user@host, or a name from ~/.ssh/config)"
                        : "Host from which jobs are submitted (user@host; empty: this machine)",
                    null,
                    answer =>
                        answer is not null ? new RemoteHost(answer).Name
                        : destination == "slurm" ? null
                        : throw new UsageException("a host is required")
                )
                .ConfigureAwait(false);
        if (host is null)
        {
            foreach (var key in (string[])["key", "port"])
                newSettings.Remove(key);
        }
        else
        {
            await AskTextAsync("key", "Private key (empty: as configured for ssh)", null, answer => answer)
                .ConfigureAwait(false);
            var existingPort = currentSettings.Find("port");
            var port = await AskNumberAsync("Port (empty: as configured for ssh)", existingPort, null, 65535)
                .ConfigureAwait(false);
            Set(newSettings, "port", port);
        }
        await AskTextAsync(
                "dir",
                destination == "slurm"
                    ? "Working folder, at the same path on all nodes"
                    : "Working folder on the machine",
                RemoteFolder.Default,
                answer => RemoteFolder.Normalize(answer!)
            )
            .ConfigureAwait(false);
        if (destination == "slurm")
            await AskListAsync(
                    "sbatch",
                    "Options of sbatch, separated by spaces, for example partition=long time=08:00:00 mem=8G "
                        + "(empty: the cluster's defaults)",
                    options => _ = new SbatchOptions(options)
                )
                .ConfigureAwait(false);
        else
            newSettings.Remove("sbatch");
    }

    private async Task AskTrainingAsync()
    {
        await AskListAsync(
                DeploySettings.DataDirs,
                "Feature folders on this machine, separated by spaces "
                    + "(to use a folder whose name contains spaces, edit the file)",
                folders =>
                {
                    if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missingFolder)
                        Console.Error.WriteLine($"{missingFolder} does not exist yet: deploy requires it");
                }
            )
            .ConfigureAwait(false);
        var train = (JsonObject?)newSettings[DeploySettings.Train] ?? [];
        var epochs = currentSettings.Find(DeploySettings.Train)?.Find("epochs");
        var newEpochs = await AskNumberAsync("Maximum number of epochs", epochs, 30, int.MaxValue)
            .ConfigureAwait(false);
        Set(train, "epochs", newEpochs);
        newSettings[DeploySettings.Train] = train;
    }

    // Asks until the answer is valid.
    private async Task<T> AskAsync<T>(string text, string? current, Func<string?, T> parse)
    {
        while (true)
        {
            await Console.Error.WriteAsync($"{text}{(current is null ? "" : $" [{current}]")}: ").ConfigureAwait(false);
            var answer = (await ReadAnswerAsync().ConfigureAwait(false) ?? throw new EndOfStreamException()).Trim();
            try
            {
                return parse(
                    answer is "-" ? null
                    : answer.Length > 0 ? answer
                    : current
                );
            }
            catch (UsageException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            }
            catch (RemoteException exception)
            {
                var message = exception.Text.Format(OptionParser.FormatKey);
                await Console.Error.WriteLineAsync(message).ConfigureAwait(false);
            }
        }
    }

    // On another thread, which ends with the program: a blocking read of a terminal cannot be canceled.
    private async Task<string?> ReadAnswerAsync()
    {
        try
        {
            return await Task.Run(answers.ReadLine, CancellationToken.None)
                .WaitAsync(cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync().ConfigureAwait(false); // ends the line of the question
            throw new InterruptedException("interrupted; nothing was written");
        }
    }

    private async Task<string?> AskTextAsync(
        string key,
        string text,
        string? defaultValue,
        Func<string?, string?> parse
    )
    {
        var current = currentSettings.Find(key)?.AsText() ?? defaultValue;
        var answer = await AskAsync(text, current, input => parse(input ?? defaultValue)).ConfigureAwait(false);
        Set(newSettings, key, answer);
        return answer;
    }

    private Task<int?> AskNumberAsync(string text, JsonCursor? existing, int? defaultValue, int max) =>
        AskAsync(
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
    private async Task AskListAsync(string key, string text, Action<string[]> check)
    {
        var existing = currentSettings.FindList(key);
        var existingText = existing is null ? null : string.Join(' ', existing);
        var items = await AskAsync(text, existingText, answer =>
            {
                var newItems =
                    answer is null ? null
                    : answer == existingText ? existing
                    : answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                check(newItems ?? []);
                return newItems;
            })
            .ConfigureAwait(false);
        if (items == existing)
            return;
        Set(newSettings, key, items is null ? null : new JsonArray([.. items.Select(item => (JsonNode)item)]));
    }
}
