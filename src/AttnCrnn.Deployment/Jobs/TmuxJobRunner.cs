using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Runs in a detached tmux session.</summary>
public sealed class TmuxJobRunner : IJobRunner
{
    /// <inheritdoc/>
    public string Name => "tmux";

    /// <inheritdoc/>
    public IReadOnlyList<RequiredProgram> RequiredPrograms { get; } =
    [new("tmux", "runs the training after the connection ends", "tmux")];

    /// <inheritdoc/>
    public string ShellFunctions { get; } = Script.Read("tmux");

    // Without TMUX: tmux refuses nested sessions.
    /// <inheritdoc/>
    public IReadOnlyList<string> CreateAttachCommand(string session) =>
        ["env", "-u", "TMUX", "tmux", "attach-session", "-t", $"={session}"];
}
