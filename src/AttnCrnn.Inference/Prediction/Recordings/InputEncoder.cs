using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Npz;
using AttnCrnn.IO;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>
/// Computes the frames of an input: of the whole recording or of its windows, or reads them. Windows are decoded and
/// encoded one by one: memory is that of a window, whatever the length of the recording.
/// </summary>
internal sealed class InputEncoder(EmotionPredictor predictor)
{
    /// <param name="windows">null: the whole recording.</param>
    /// <exception cref="InvalidInputException">
    /// The input is invalid, or the encoder is missing or differs from the models'; while enumerating.
    /// </exception>
    public IEnumerable<EncodedWindow> Encode(
        PredictionInput input,
        WindowOptions? windows,
        CancellationToken cancellationToken
    ) =>
        input.IsFrames ? [new(null, null, new(ReadFrames(input, windows), default))]
        : windows is null ? [EncodeRecording(input, cancellationToken)]
        : EncodeWindows(input, windows, cancellationToken);

    private EncodedWindow EncodeRecording(PredictionInput input, CancellationToken cancellationToken)
    {
        var options = new AudioReadOptions
        {
            Channel = GetChannel(input),
            StartSeconds = input.StartSeconds,
            EndSeconds = input.EndSeconds,
        };
        var waveform = AudioReader.ReadAll(Open(input), options, cancellationToken);
        var start = input.StartSeconds ?? 0;
        return EncodePart(input, new(start, start + waveform.Seconds, waveform.Samples), cancellationToken);
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
        foreach (var part in reader.Read(() => Open(input), AudioLimits.None, cancellationToken))
            yield return EncodePart(input, part, cancellationToken);
    }

    private AudioChannel GetChannel(PredictionInput input) => input.Channel ?? predictor.Channel;

    private static AudioInput Open(PredictionInput input) =>
        input.Content is { } content
            ? AudioInput.FromStream(new MemoryReadStream(content), input.Path, AudioLimits.None)
            : AudioInput.Open(input.Path, AudioLimits.None);

    private EncodedWindow EncodePart(PredictionInput input, AudioWindow part, CancellationToken cancellationToken) =>
        new(part.StartSeconds, part.EndSeconds, predictor.Prepare(part.Samples, input.Path, cancellationToken));

    private FrameMatrix ReadFrames(PredictionInput input, WindowOptions? windows)
    {
        if (windows is not null || input is not { StartSeconds: null, EndSeconds: null })
            throw new InvalidInputException(
                input.Path,
                "the frame rate of an .npz is unknown, so "
                    + $"{(windows is null ? "a segment" : "windows")} cannot be extracted from it; "
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
internal sealed record EncodedWindow(double? StartSeconds, double? EndSeconds, ModelInput Input);
