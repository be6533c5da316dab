using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders;

/// <summary>Opens encoders by name.</summary>
public static class EncoderCatalog
{
    /// <summary>The default encoder.</summary>
    public const string Default = "whisper-tiny.en";

    /// <summary>The names that can be requested, for messages.</summary>
    public const string Names =
        "whisper-tiny.en (built in), log-mel, a Hugging Face repository (as in facebook/wav2vec2-base), "
        + "or a checkpoint folder (./whisper-tiny.en if it has that name)";

    /// <summary>Opens an encoder; the caller disposes it.</summary>
    /// <param name="notice">Receives one line per warning.</param>
    /// <param name="progress">Receives download progress.</param>
    /// <exception cref="InvalidInputException">The encoder or its layers do not exist, or it cannot be
    /// downloaded.</exception>
    public static IEncoder Open(
        EncoderRequest request,
        Action<string> notice,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (IsLogMel(request.Name))
            return OpenLogMel(request);
        var options = request.Layers.Length > 0 ? request.Speech with { Layers = request.Layers } : request.Speech;
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        var encoder =
            BuiltInEncoder.Find(request.Name) is { } builtIn ? OpenBuiltIn(builtIn, request, options)
            : Directory.Exists(request.Name) ? OpenFolder(request, options)
            : OpenFromHub(request, options, notice, progress, cancellationToken);
        if (encoder.Warning is { } warning)
            notice(warning);
        return encoder;
    }

    /// <summary>Verifies the files of the built-in default encoder against their checksums.</summary>
    /// <returns>A line for the user: name, layer, width, context, size and folder.</returns>
    /// <exception cref="InvalidInputException">The files are missing or damaged.</exception>
    public static string CheckDefault() => BuiltInEncoder.Find(Default)!.Check();

    private static LogMelEncoder OpenLogMel(EncoderRequest request)
    {
        if (request.Layers.Length > 0)
            throw new InvalidInputException(
                $"--layers {request.Layers}: {LogMelEncoder.Name} is a spectrogram and has no layers; "
                    + "omit --layers"
            );
        if (request.Speech.Precision != SpeechPrecision.Float32)
            throw new InvalidInputException($"--precision: {LogMelEncoder.Name} has no weights; omit --precision");
        if (request.Speech.UseCuda)
            throw new InvalidInputException(
                $"--device cuda: {LogMelEncoder.Name} is computed on the CPU; omit --device"
            );
        if (request.Speech.ChunkSeconds is { } seconds)
            throw new InvalidInputException(
                $"--chunk {seconds}: {LogMelEncoder.Name} processes recordings of any length at once; omit --chunk"
            );
        if (request.Speech.Context is not null)
            throw new InvalidInputException(
                $"--whisper_context: {LogMelEncoder.Name} is a spectrogram, not a Whisper encoder; omit the option"
            );
        return new();
    }

    private static SpeechEncoder OpenBuiltIn(BuiltInEncoder encoder, EncoderRequest request, SpeechOptions options) =>
        request.Revision is null
            ? encoder.Open(options)
            : throw new InvalidInputException(
                $"--revision {request.Revision}: {request.Name} is built in and has one revision; omit "
                    + $"--revision, or specify the repository openai/{request.Name}"
            );

    private static SpeechEncoder OpenFolder(EncoderRequest request, SpeechOptions options)
    {
        if (request.Revision is not null)
            throw new InvalidInputException(
                $"--revision {request.Revision}: {request.Name} is a folder and has no revisions; omit --revision"
            );
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Name));
        var commit = Path.GetFileName(folder); // in a snapshot folder of the hub cache
        return new(folder, folder, HubNames.IsCommit(commit) ? commit : null, options);
    }

    private static SpeechEncoder OpenFromHub(
        EncoderRequest request,
        SpeechOptions options,
        Action<string> notice,
        IProgress<HubProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (request.Name.StartsWith('.') || Path.IsPathRooted(request.Name) || request.Name.Count(c => c == '/') != 1)
            throw new InvalidInputException(
                $"--encoder {request.Name}: neither a folder nor the name of an encoder; expected {Names}"
            );
        using var hub = new HubClient(HubSettings.FromEnvironment(), TimeProvider.System, notice, progress);
        var snapshot = hub.Open(request.Name, request.Revision, cancellationToken);
        return new(HubCheckpoint.Fetch(snapshot), request.Name, snapshot.Commit, options);
    }

    private static bool IsLogMel(string name) =>
        name.Equals(LogMelEncoder.Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals("logmel", StringComparison.OrdinalIgnoreCase);
}
