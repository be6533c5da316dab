using AttnCrnn.Audio;
using AttnCrnn.Models;
using AttnCrnn.Prediction.Explanations;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Prediction;

/// <content>Explanations of predictions.</content>
public sealed partial class EmotionPredictor
{
    /// <summary>
    /// Predicts a whole waveform and explains the prediction: the attention over time, and the probability lost when
    /// each half second is silenced. Takes one prediction more per half second, of the whole length.
    /// </summary>
    /// <param name="waveform">
    /// [samples], 16 kHz mono, finite, full scale ±1; at most <see cref="Explanation.MaxSeconds"/>.
    /// </param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <exception cref="InvalidInputException">
    /// As for <see cref="Predict"/>; or the waveform is too long, or the model predicts values without classes.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public Explanation Explain(
        ReadOnlyMemory<float> waveform,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        FiniteSamples.Require(waveform.Span);
        RequireSpeakerStatistics(speaker);
        return new Explainer(model, null, speaker).Explain(waveform, null, cancellationToken);
    }

    /// <summary>Predicts a whole recording and explains the prediction, as <see cref="Explain"/> does.</summary>
    /// <param name="path">WAV or FLAC; other formats through ffmpeg.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Explain"/>, or the recording is invalid.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public Explanation ExplainFile(string path, CancellationToken cancellationToken = default)
    {
        var waveform = AudioReader.Read(path, new AudioReadOptions { Channel = Channel }, cancellationToken);
        return new Explainer(model, path, null).Explain(waveform.Samples, null, cancellationToken);
    }

    /// <summary>Explains the prediction of a part of a recording, whose samples are not changed later.</summary>
    /// <param name="part">With its input.</param>
    /// <param name="path">The recording, for messages.</param>
    internal Explanation ExplainPart(
        EncodedWindow part,
        string path,
        FeatureNormalization? speaker,
        CancellationToken cancellationToken
    ) =>
        new Explainer(model, path, speaker).Explain(part.Samples, part.Input, cancellationToken) with
        {
            StartSeconds = part.StartSeconds ?? 0,
        };
}
