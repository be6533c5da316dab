using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Queries a machine about its deployed runs.</summary>
/// <param name="folder">From <see cref="RemoteFolder.Normalize"/>.</param>
public sealed class RunQuery(Machine machine, IJobRunner jobRunner, string folder, string session)
{
    private string? absoluteFolder;

    /// <summary>Whether the machine has responded at least once: a lost connection may then be transient.</summary>
    public bool HasResponded { get; private set; }

    /// <summary>The absolute deployment folder.</summary>
    public async Task<string> GetFolderAsync(CancellationToken cancellation = default) =>
        absoluteFolder ??=
            folder[0] == '/'
                ? folder
                : RemoteFolder.MakeAbsolute(
                    folder,
                    (await QueryAsync(Script.Create("home", null), cancellation).ConfigureAwait(false))
                        .TrimEnd('\n')
                        .Split('\n')[^1]
                );

    /// <summary>The status of the session's run.</summary>
    /// <param name="lines">Number of log lines to include, from the end.</param>
    public async Task<RunStatus> GetStatusAsync(int lines, CancellationToken cancellation = default) =>
        RunStatus.Parse(
            await QueryAsync(
                    RunStatus.CreateScript(
                        jobRunner,
                        await GetFolderAsync(cancellation).ConfigureAwait(false),
                        session,
                        lines
                    ),
                    cancellation
                )
                .ConfigureAwait(false)
        );

    /// <summary>The session's run, or the most recent run in the folder.</summary>
    /// <exception cref="InvalidRemoteRequestException">There is none.</exception>
    public async Task<string> FindLatestAsync(CancellationToken cancellation = default)
    {
        var output = await QueryAsync(
                Script.Create("latest", null, await GetFolderAsync(cancellation).ConfigureAwait(false), session),
                cancellation
            )
            .ConfigureAwait(false);
        return new KeyValueOutput(output)["run"] is { Length: > 0 } run
            ? run
            : throw new InvalidRemoteRequestException(
                $"{machine.Name}: no run has been deployed yet: deploy one first"
            );
    }

    private async Task<string> QueryAsync(Script script, CancellationToken cancellation)
    {
        var answer = await machine.RunAsync(script, cancellation).ConfigureAwait(false);
        HasResponded = true;
        return answer;
    }
}
