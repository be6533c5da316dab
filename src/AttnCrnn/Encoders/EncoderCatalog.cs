using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders;

/// <summary>Encoders by name.</summary>
public static class EncoderCatalog
{
    /// <summary>What is taken where nobody says.</summary>
    public const string Default = "whisper-tiny.en";

    /// <summary>What may be named, for messages.</summary>
    public const string Names =
        "whisper-tiny.en (inside), log-mel, a repository of the Hugging Face hub as in facebook/wav2vec2-base, "
        + "or a folder with a checkpoint (./whisper-tiny.en where it has that name)";

    /// <summary>An encoder, ready to use; the caller disposes it.</summary>
    /// <param name="notice">Told, a line each, what the user should know although the work goes on.</param>
    /// <param name="progress">Told of what is fetched.</param>
    /// <exception cref="InvalidInputException">There is no such encoder, it has no such layers, or it cannot be
    /// fetched.</exception>
    public static IEncoder Open(
        EncoderRequest request,
        Action<string> notice,
        IProgress<HubProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (IsLogMel(request.Name))
            return LogMel(request);
        var options = request.Layers.Length > 0 ? request.Speech with { Layers = request.Layers } : request.Speech;
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        var encoder =
            BuiltInEncoder.Find(request.Name) is { } inside ? Inside(inside, request, options)
            : Directory.Exists(request.Name) ? FromFolder(request, options)
            : FromHub(request, options, notice, progress, cancellationToken);
        if (encoder.Warning is { } warning)
            notice(warning);
        return encoder;
    }

    /// <summary>
    /// Compares the files of the encoder inside, which is the default, with their checksums.
    /// </summary>
    /// <returns>What a user should know of it: name, layer, width, context, size and place.</returns>
    /// <exception cref="InvalidInputException">Its files are not beside the application, or are damaged; the message says
    /// what to do.</exception>
    public static string CheckDefault() => BuiltInEncoder.Find(Default)!.Check();

    private static LogMelEncoder LogMel(EncoderRequest request)
    {
        if (request.Layers.Length > 0)
            throw new InvalidInputException(
                $"--layers {request.Layers}: {LogMelEncoder.Name} is a spectrogram and has no layers to choose "
                    + "from; leave --layers out"
            );
        if (request.Speech.Precision != SpeechPrecision.Float32)
            throw new InvalidInputException($"--precision: {LogMelEncoder.Name} has no weights; leave --precision out");
        if (request.Speech.UseCuda)
            throw new InvalidInputException(
                $"--device cuda: {LogMelEncoder.Name} is computed on the processor; leave --device out"
            );
        if (request.Speech.ChunkSeconds is { } seconds)
            throw new InvalidInputException(
                $"--chunk {seconds}: {LogMelEncoder.Name} takes recordings of any length at once; leave --chunk out"
            );
        if (request.Speech.Context is not null)
            throw new InvalidInputException(
                $"--whisper_context: {LogMelEncoder.Name} is a spectrogram and no Whisper; leave --whisper_context out"
            );
        return new();
    }

    private static SpeechEncoder Inside(BuiltInEncoder encoder, EncoderRequest request, SpeechOptions options) =>
        request.Revision is null
            ? encoder.Open(options)
            : throw new InvalidInputException(
                $"--revision {request.Revision}: {request.Name} is inside the program and has one alone; leave "
                    + $"--revision out, or name the repository openai/{request.Name}"
            );

    private static SpeechEncoder FromFolder(EncoderRequest request, SpeechOptions options)
    {
        if (request.Revision is not null)
            throw new InvalidInputException(
                $"--revision {request.Revision}: {request.Name} is a folder and has one alone; leave --revision out"
            );
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Name));
        var commit = Path.GetFileName(folder); // of a snapshot in the hub's cache
        return new(folder, folder, HubNames.IsCommit(commit) ? commit : null, options);
    }

    private static SpeechEncoder FromHub(
        EncoderRequest request,
        SpeechOptions options,
        Action<string> notice,
        IProgress<HubProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (request.Name.StartsWith('.') || Path.IsPathRooted(request.Name) || request.Name.Count(c => c == '/') != 1)
            throw new InvalidInputException(
                $"--encoder {request.Name}: no such folder, and no name of an encoder; name {Names}"
            );
        using var hub = new HubClient(HubSettings.FromEnvironment(), TimeProvider.System, notice, progress);
        var snapshot = hub.Open(request.Name, request.Revision, cancellationToken);
        return new(HubCheckpoint.Fetch(snapshot), request.Name, snapshot.Commit, options);
    }

    private static bool IsLogMel(string name) =>
        name.Equals(LogMelEncoder.Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals("logmel", StringComparison.OrdinalIgnoreCase);
}
