namespace AttnCrnn.Cli.Options;

/// <summary>Keys of options that only commands have.</summary>
internal static class CommandOptionKeys
{
    public static OptionKey Config { get; } = new("config");

    public static OptionKey Quiet { get; } = new("quiet");

    public static OptionKey List { get; } = new("list");

    public static OptionKey Json { get; } = new("json");

    public static OptionKey Csv { get; } = new("csv");

    public static OptionKey Speaker { get; } = new("speaker");

    public static OptionKey Hop { get; } = new("hop");

    public static OptionKey NoVad { get; } = new("no_vad");

    public static OptionKey Segments { get; } = new("segments");

    public static OptionKey Abstain { get; } = new("abstain");

    public static OptionKey Explain { get; } = new("explain");
}
