using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Runs in a detached tmux session.</summary>
public sealed class TmuxJobRunner : IJobRunner
{
    /// <inheritdoc/>
    public string Name => "tmux";

    /// <inheritdoc/>
    public IReadOnlyList<RequiredProgram> Needs { get; } = [new("tmux", "keeps the training alive", "tmux")];

    /// <inheritdoc/>
    public string Functions { get; } = Script.Read("tmux");

    // Without TMUX: tmux refuses nested sessions.
    /// <inheritdoc/>
    public IReadOnlyList<string> Attach(string session) =>
        ["env", "-u", "TMUX", "tmux", "attach-session", "-t", $"={session}"];
}
