using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Keeps a run in a detached session of tmux.</summary>
public sealed class TmuxJobRunner : IJobRunner
{
    /// <inheritdoc/>
    public string Name => "tmux";

    /// <inheritdoc/>
    public IReadOnlyList<RequiredProgram> Needs { get; } = [new("tmux", "keeps the training alive", "tmux")];

    /// <inheritdoc/>
    public string Functions { get; } = Script.Read("tmux");

    // From within a tmux as well, which takes sessions in sessions for a mistake.
    /// <inheritdoc/>
    public IReadOnlyList<string> Attach(string session) =>
        ["env", "-u", "TMUX", "tmux", "attach-session", "-t", $"={session}"];
}
