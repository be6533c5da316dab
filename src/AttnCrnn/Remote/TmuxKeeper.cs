namespace AttnCrnn.Remote;

/// <summary>Keeps a run in a detached session of tmux.</summary>
public sealed class TmuxKeeper : IRunKeeper
{
    public string Name => "tmux";

    public IReadOnlyList<NeededProgram> Needs { get; } = [new("tmux", "keeps the training alive", "tmux")];

    public string Functions { get; } = Script.Read("tmux");

    public IReadOnlyList<string> Attach(string session) => ["tmux", "attach-session", "-t", $"={session}"];
}
