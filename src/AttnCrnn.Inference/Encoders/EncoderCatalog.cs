using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders;

/// <summary>Opens encoders by name.</summary>
public static class EncoderCatalog
{
    /// <summary>The default encoder.</summary>
    public const string Default = "whisper-tiny.en";

    /// <summary>The names that can be requested, for messages.</summary>
    public static string Names => DescribeNames(EncoderFamilies.BuiltIn);

    /// <summary>Opens an encoder, and downloads it first if it is not in the cache; the caller disposes it.</summary>
    /// <param name="notice">Receives one line per warning.</param>
    /// <param name="progress">Receives download progress.</param>
    /// <exception cref="InvalidInputException">The encoder or its layers do not exist, or it cannot be
    /// downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Task<IEncoder> OpenAsync(
        EncoderRequest request,
        Action<string> notice,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        new EncoderOpener(EncoderFamilies.BuiltIn, notice) { Progress = progress }.OpenAsync(
            request,
            cancellationToken
        );

    /// <summary>
    /// As <see cref="OpenAsync"/>, for programs without asynchronous methods: blocks the caller's thread while an
    /// encoder is downloaded. An included encoder, log-mel, or a folder waits for no network.
    /// </summary>
    /// <param name="notice">Receives one line per warning.</param>
    /// <param name="progress">Receives download progress.</param>
    /// <exception cref="InvalidInputException">The encoder or its layers do not exist, or it cannot be
    /// downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static IEncoder Open(
        EncoderRequest request,
        Action<string> notice,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => new EncoderOpener(EncoderFamilies.BuiltIn, notice) { Progress = progress }.Open(request, cancellationToken);

    /// <summary>Verifies the files of the built-in default encoder against their checksums.</summary>
    /// <returns>A line for the user: name, layer, width, context, size and folder.</returns>
    /// <exception cref="InvalidInputException">The files are missing or damaged.</exception>
    public static string CheckDefault() => BuiltInEncoder.Find(Default)!.Check();

    /// <summary>The encoders that need no network, for messages: log-mel, and the default if it is installed.</summary>
    public static string OfflineNames =>
        BuiltInEncoder.Find(Default)!.IsInstalled
            ? $"{Default} (included) or {LogMelEncoder.Name}"
            : LogMelEncoder.Name;

    /// <summary>The default layers of all families, for help: <c>4-8 of …, or …</c>.</summary>
    public static string DescribeDefaultLayers() => EncoderFamilies.BuiltIn.DescribeDefaultLayers();

    /// <summary>The families for which a context can be requested, for help: <c>Whisper</c>.</summary>
    public static string DescribeContextFamilies() => EncoderFamilies.BuiltIn.DescribeContextFamilies();

    internal static string DescribeNames(EncoderFamilies families)
    {
        var names = BuiltInEncoder.Names.Select(name => $"{name} (built in)").Concat(families.Names);
        return $"{string.Join(", ", names)}, a Hugging Face repository (as in facebook/wav2vec2-base), "
            + $"or a checkpoint folder (./{Default} if it has that name)";
    }
}
