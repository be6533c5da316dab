using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Asks a machine about the runs that were deployed to it.</summary>
/// <param name="folder">As <see cref="RemoteFolder.Clean"/> gives it.</param>
public sealed class RunQuery(Machine machine, IJobRunner jobRunner, string folder, string session)
{
    private string? absolute;

    /// <summary>Whether the machine has answered: it is there, and a connection that is lost now may come back.</summary>
    public bool WasAnswered { get; private set; }

    /// <summary>Where the runs are.</summary>
    public async Task<string> FolderAsync(CancellationToken cancellation = default) =>
        absolute ??=
            folder[0] == '/'
                ? folder
                : RemoteFolder.Absolute(
                    folder,
                    (await QueryAsync(Script.Create("home", null), cancellation).ConfigureAwait(false))
                        .TrimEnd('\n')
                        .Split('\n')[^1]
                );

    /// <summary>How the session's run stands.</summary>
    /// <param name="lines">Of the log's end.</param>
    public async Task<RunStatus> StatusAsync(int lines, CancellationToken cancellation = default) =>
        RunStatus.Parse(
            await QueryAsync(
                    RunStatus.ScriptFor(
                        jobRunner,
                        await FolderAsync(cancellation).ConfigureAwait(false),
                        session,
                        lines
                    ),
                    cancellation
                )
                .ConfigureAwait(false)
        );

    /// <summary>The session's run, or the newest that is there.</summary>
    /// <exception cref="RemoteRefusedException">There is none.</exception>
    public async Task<string> LatestAsync(CancellationToken cancellation = default)
    {
        var printed = await QueryAsync(
                Script.Create("latest", null, await FolderAsync(cancellation).ConfigureAwait(false), session),
                cancellation
            )
            .ConfigureAwait(false);
        return new PrintedPairs(printed)["run"] is { Length: > 0 } run
            ? run
            : throw new RemoteRefusedException($"{machine.Name}: no run there yet; start one with: attn-crnn deploy");
    }

    private async Task<string> QueryAsync(Script script, CancellationToken cancellation)
    {
        var answer = await machine.RunAsync(script, cancellation).ConfigureAwait(false);
        WasAnswered = true;
        return answer;
    }
}
