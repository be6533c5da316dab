using System.Runtime.CompilerServices;
using AttnCrnn.Audio;
using AttnCrnn.Models;

namespace AttnCrnn.Prediction;

/// <summary>Windows of waveforms and of streams.</summary>
public sealed partial class EmotionPredictor
{
    /// <summary>
    /// Predicts windows of a waveform. The frames of a window are computed from its samples alone, so that its
    /// probabilities do not depend on the rest of the recording.
    /// </summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <returns>The windows in order, each predicted when it is enumerated.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="Predict"/>, while enumerating.</exception>
    public IEnumerable<TimedProbabilities> PredictWindows(
        ReadOnlyMemory<float> waveform,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        FiniteSamples.Require(waveform.Span);
        var sequence = new WindowSequence(windows.Seconds, windows.HopSeconds);
        while (sequence.Next(waveform.Length, isComplete: true) is { } window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var samples = waveform[(int)window.FirstSample..(int)window.EndSample].ToArray();
            yield return PredictWindow(
                new(window.StartSeconds, window.EndSeconds, samples),
                speaker,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// Predicts windows of a stream while it arrives: a window is predicted as soon as its samples are there. Times
    /// and probabilities are bit-identical to <see cref="PredictWindows"/> of the whole stream at 16 kHz, however it
    /// is divided into chunks.
    /// </summary>
    /// <param name="samples">
    /// Chunks of [samples] of any lengths, one channel, finite, full scale ±1. A chunk is read before the next one is
    /// requested, and not kept: memory is bounded by a window and two seconds of audio.
    /// </param>
    /// <param name="sampleRateHz">Sample rate of the chunks, from 100 Hz to 10 MHz; resampled to 16 kHz.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <returns>
    /// The windows in order; the last, shorter one when the stream has ended. The consumer's thread predicts: chunks
    /// that arrive in the meantime are buffered by their source.
    /// </returns>
    /// <exception cref="InvalidInputException">As for <see cref="Predict"/>, while enumerating.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is not in its range.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IAsyncEnumerable<TimedProbabilities> PredictStreamAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        int sampleRateHz,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        PcmFormat.ThrowIfInvalidRate(sampleRateHz);
        return PredictChunksAsync(samples, sampleRateHz, windows, speaker, cancellationToken);
    }

    /// <summary>
    /// Predicts windows of raw 16-bit PCM while it arrives, as <see cref="PredictStreamAsync"/> does.
    /// </summary>
    /// <param name="stream">A pipe, a socket or a file without header; read to its end.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <exception cref="InvalidInputException">
    /// As for <see cref="Predict"/>, or the stream ends within a sample; while enumerating.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IAsyncEnumerable<TimedProbabilities> PredictPcmAsync(
        Stream stream,
        PcmFormat format,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    ) =>
        PredictStreamAsync(
            PcmReader.ReadAsync(stream, format, cancellationToken),
            format.SampleRateHz,
            windows,
            speaker,
            cancellationToken
        );

    private TimedProbabilities PredictWindow(
        AudioWindow window,
        FeatureNormalization? speaker,
        CancellationToken cancellationToken
    ) =>
        new(
            window.StartSeconds,
            window.EndSeconds,
            PredictInput(Prepare(window.Samples, null, cancellationToken), speaker)
        )
        {
            Warnings = RecordingChecks.CheckWindow(window.Samples, window.Warnings, DetectsSpeech),
        };

    private async IAsyncEnumerable<TimedProbabilities> PredictChunksAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> chunks,
        int sampleRateHz,
        WindowOptions windows,
        FeatureNormalization? speaker,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        var stream = new WindowStream(sampleRateHz, windows);
        await foreach (var chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            for (var remainder = chunk; remainder.Length > 0; )
            {
                remainder = stream.Append(remainder);
                while (stream.Take() is { } window)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return PredictWindow(window, speaker, cancellationToken);
                }
            }
        }
        stream.Complete();
        while (stream.Take() is { } window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return PredictWindow(window, speaker, cancellationToken);
        }
    }
}
