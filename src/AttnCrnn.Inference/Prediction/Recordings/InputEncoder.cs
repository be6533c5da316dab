using AttnCrnn.Audio;
using AttnCrnn.Audio.Speech;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats;
using AttnCrnn.IO;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>
/// Computes the frames of an input: of the whole recording or of its windows, or reads them. Windows are decoded and
/// encoded one by one: memory is that of a window, whatever the length of the recording.
/// </summary>
internal sealed class InputEncoder(EmotionPredictor predictor)
{
    /// <param name="windows">null: the whole recording, or its stretches of speech.</param>
    /// <param name="bySpeech">Whether to encode stretches of speech.</param>
    /// <exception cref="InvalidInputException">
    /// The input is invalid, or the encoder is missing or differs from the models'; while enumerating.
    /// </exception>
    public IEnumerable<EncodedWindow> Encode(
        PredictionInput input,
        WindowOptions? windows,
        bool bySpeech,
        CancellationToken cancellationToken
    ) =>
        input.IsFrames ? [new(null, null, new(ReadFrames(input, windows is not null || bySpeech), default))]
        : bySpeech ? EncodeSpeech(input, cancellationToken)
        : windows is null ? [EncodeRecording(input, cancellationToken)]
        : EncodeWindows(input, windows, cancellationToken);

    private EncodedWindow EncodeRecording(PredictionInput input, CancellationToken cancellationToken)
    {
        var waveform = Read(input, cancellationToken);
        var start = input.StartSeconds ?? 0;
        return EncodePart(input, new(start, start + waveform.Seconds, waveform.Samples), cancellationToken) with
        {
            Warnings = RecordingChecks.Check(waveform, predictor.DetectsSpeech),
        };
    }

    private IEnumerable<EncodedWindow> EncodeWindows(
        PredictionInput input,
        WindowOptions windows,
        CancellationToken cancellationToken
    )
    {
        var reader = new AudioWindows(windows.Seconds, windows.HopSeconds)
        {
            Channel = GetChannel(input),
            SegmentStartSeconds = input.StartSeconds,
            SegmentEndSeconds = input.EndSeconds,
        };
        IReadOnlyList<RecordingWarning> ofDecoder = [];
        var parts = reader.Read(
            () => Open(input),
            AudioLimits.None,
            cancellationToken,
            warnings => ofDecoder = warnings
        );
        foreach (var (part, isLast) in LastMark.Add(parts))
            yield return EncodePart(input, part, cancellationToken) with
            {
                Warnings =
                [
                    .. isLast ? ofDecoder : [],
                    .. part.Warnings,
                    .. RecordingChecks.CheckWindow(part.Samples, part.Warnings, predictor.DetectsSpeech),
                ],
            };
    }

    private AudioChannel GetChannel(PredictionInput input) => input.Channel ?? predictor.Channel;

    private IEnumerable<EncodedWindow> EncodeSpeech(PredictionInput input, CancellationToken cancellationToken)
    {
        var divided = AudioReader.ReadDivided(Open(input), GetReadOptions(input), cancellationToken);
        var waveform = divided.Waveform;
        var offset = input.StartSeconds ?? 0;
        var speech = VoiceActivityDetector.FindSpeech(waveform.Samples);
        if (speech.Count == 0)
            yield return new(offset, offset + waveform.Seconds, null)
            {
                Warnings = [.. RecordingChecks.CheckClip(waveform, speech)],
            };
        foreach (var segment in speech)
        {
            var first = (int)Waveform.ToSample(segment.StartSeconds);
            var samples = waveform.Samples[first..(int)Waveform.ToSample(segment.EndSeconds)];
            var part = new AudioWindow(offset + segment.StartSeconds, offset + segment.EndSeconds, samples);
            var found = divided.FindWarnings(segment.StartSeconds, segment.EndSeconds);
            yield return EncodePart(input, part, cancellationToken) with
            {
                Warnings =
                [
                    .. segment == speech[^1] ? divided.FileWarnings : [],
                    .. found,
                    .. RecordingChecks.CheckSound(samples, found),
                    .. RecordingChecks.CheckLength(segment.Seconds),
                ],
            };
        }
    }

    private Waveform Read(PredictionInput input, CancellationToken cancellationToken) =>
        AudioReader.ReadAll(Open(input), GetReadOptions(input), cancellationToken);

    private AudioReadOptions GetReadOptions(PredictionInput input) =>
        new()
        {
            Channel = GetChannel(input),
            StartSeconds = input.StartSeconds,
            EndSeconds = input.EndSeconds,
        };

    private static AudioInput Open(PredictionInput input) =>
        input.Content is { } content
            ? AudioInput.FromStream(new MemoryReadStream(content), input.Path, AudioLimits.None)
            : AudioInput.Open(input.Path, AudioLimits.None);

    private EncodedWindow EncodePart(PredictionInput input, AudioWindow part, CancellationToken cancellationToken) =>
        new(part.StartSeconds, part.EndSeconds, predictor.Prepare(part.Samples, input.Path, cancellationToken))
        {
            Samples = part.Samples,
        };

    private FrameMatrix ReadFrames(PredictionInput input, bool hasParts)
    {
        if (hasParts || input is not { StartSeconds: null, EndSeconds: null })
            throw new InvalidInputException(
                input.Path,
                "the frame rate of an .npz is unknown, so "
                    + $"{(hasParts ? "windows" : "a segment")} cannot be extracted from it; "
                    + "pass the recording instead"
            );
        if (predictor.Info is not { Encoder: var encoder })
            throw new InvalidInputException(
                input.Path,
                "the model is a published classifier, which predicts recordings, not frames; pass the recording instead"
            );
        var features = FeatureNpz.Read(input.Path);
        if (features.Width != encoder.FrameWidth)
            throw new InvalidFileException(
                input.Path,
                null,
                $"feature dimension {features.Width}",
                $"{encoder.FrameWidth}, as the model requires ({encoder})",
                "extract the clip with the model's encoder and layers"
            );
        return new(features.Values, features.Frames, encoder.LayerCount, encoder.Width);
    }
}

/// <summary>What one prediction is made from: an input, or a window of it.</summary>
/// <param name="StartSeconds">Start in the recording; null if the frame rate is unknown.</param>
/// <param name="Input">null: a recording without speech, of which stretches of speech were to be predicted.</param>
internal sealed record EncodedWindow(double? StartSeconds, double? EndSeconds, ModelInput? Input)
{
    /// <summary>What makes its prediction doubtful.</summary>
    public IReadOnlyList<RecordingWarning> Warnings { get; init; } = [];

    /// <summary>[samples], 16 kHz mono; empty if they are not known.</summary>
    public ReadOnlyMemory<float> Samples { get; init; }
}
