using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Evaluation;

/// <summary>Predicts labeled clips of a store.</summary>
/// <param name="labelOfClip">[clips of the store].</param>
/// <param name="speakerNormalizations">
/// [clips of the store]; computed only for a model with speaker normalization.
/// </param>
internal sealed class StorePredictor(
    FeatureStore store,
    string?[] labelOfClip,
    Lazy<IReadOnlyList<FeatureNormalization?>> speakerNormalizations
)
{
    /// <summary>[clips of the store], the distributions of votes; null for a clip without votes.</summary>
    public required double[]?[] VotesOfClip { get; init; }

    private readonly EncoderDescription encoder = store.Description.Encoder;

    /// <summary>Predicts clips with a model.</summary>
    /// <param name="clips">Indices in the store; each clip has a label.</param>
    /// <param name="fold">Fold of the model, counted from 1; null without folds.</param>
    /// <exception cref="InvalidInputException">A clip is too short or too long for the model.</exception>
    public IReadOnlyList<ClipPrediction> Predict(
        IReadOnlyList<int> clips,
        Ensemble model,
        int? fold,
        CancellationToken cancellationToken
    )
    {
        RequireValidLengths(clips, model);
        var predictions = new List<ClipPrediction>();
        var normalizations = model.UsesSpeakerNormalization ? speakerNormalizations.Value : null;
        var batchSize = Math.Max(1, 64 / encoder.LayerCount); // frames of all layers are large
        foreach (var batch in clips.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var probabilities = model.Predict(
                [.. batch.Select(ReadFrames)],
                normalizations is null ? null : [.. batch.Select(clip => normalizations[clip])]
            );
            predictions.AddRange(
                batch.Zip(probabilities, (clip, row) =>
                    CreatePrediction(clip, row, model, fold) with
                    {
                        SpeakerNormalization = normalizations?[clip],
                    }
                )
            );
        }
        return predictions;
    }

    private void RequireValidLengths(IReadOnlyList<int> clips, Ensemble model)
    {
        foreach (var clip in clips.Select(clip => store.Clips[clip]))
            if (model.DescribeLengthError(clip.Frames) is { } error)
                throw new InvalidInputException(clip.Path, error);
    }

    private FrameMatrix ReadFrames(int clip)
    {
        var frames = store.Clips[clip].Frames;
        var values = new float[frames * encoder.FrameWidth];
        store.Read(clip, values);
        return new FrameMatrix(values, frames, encoder.LayerCount, encoder.Width);
    }

    private ClipPrediction CreatePrediction(int index, double[] probabilities, Ensemble model, int? fold)
    {
        var clip = store.Clips[index];
        return new(
            clip.Path,
            clip.Speaker,
            labelOfClip[index]!,
            model.Info.Labels[ClassProbabilities.FindMostProbable(probabilities)],
            probabilities,
            fold,
            clip.StartSeconds,
            clip.EndSeconds
        )
        {
            Channel = clip.Channel,

            ExtractedChannel = clip.ExtractedChannel,

            Votes = VotesOfClip[index],

            Temperature = model.Temperature,

            Sex = clip.Sex,

            Session = clip.Session,

            Seconds = clip.Seconds > 0 ? clip.Seconds : null,
        };
    }
}
