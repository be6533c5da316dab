namespace AttnCrnn.Cli.Commands;

/// <summary>Keys of options that only export has.</summary>
internal static class ExportOptionKeys
{
    public static OptionKey OutputFormat { get; } = new("to");

    public static OptionKey Waveform { get; } = new("waveform");

    public static OptionKey Quantize { get; } = new("quantize");

    public static OptionKey License { get; } = new("license");
}
