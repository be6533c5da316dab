namespace AttnCrnn.Deployment;

/// <summary>
/// Keys of the options for remote runs that messages name; deploy.json has them as well. A key is stored in that file:
/// it never changes.
/// </summary>
public static class RemoteOptionKeys
{
    /// <summary><c>to</c>.</summary>
    public static OptionKey Kind { get; } = new("to");

    /// <summary><c>host</c>.</summary>
    public static OptionKey Host { get; } = new("host");

    /// <summary><c>port</c>.</summary>
    public static OptionKey Port { get; } = new("port");

    /// <summary><c>key</c>.</summary>
    public static OptionKey Key { get; } = new("key");

    /// <summary><c>dir</c>.</summary>
    public static OptionKey Dir { get; } = new("dir");

    /// <summary><c>name</c>.</summary>
    public static OptionKey Name { get; } = new("name");

    /// <summary><c>program</c>.</summary>
    public static OptionKey Program { get; } = new("program");

    /// <summary><c>attach</c>.</summary>
    public static OptionKey Attach { get; } = new("attach");

    /// <summary><c>replace</c>.</summary>
    public static OptionKey Replace { get; } = new("replace");

    /// <summary><c>stop_when_done</c>.</summary>
    public static OptionKey StopWhenDone { get; } = new("stop_when_done");

    /// <summary><c>fetch_within</c>.</summary>
    public static OptionKey FetchWithin { get; } = new("fetch_within");

    /// <summary><c>sbatch</c>.</summary>
    public static OptionKey Sbatch { get; } = new("sbatch");

    /// <summary><c>grace</c>.</summary>
    public static OptionKey Grace { get; } = new("grace");
}
