using AttnCrnn.Audio;
using AttnCrnn.Evaluation;
using AttnCrnn.Prediction;

namespace AttnCrnn.Reports.Explanations;

/// <summary>Chooses clips of an evaluation, reads their recordings again and explains their predictions.</summary>
internal sealed class ClipExplainer(EvaluationResult result, FoldPredictors predictors)
{
    private readonly ClipQueues queues = new(result.Predictions);
    private readonly List<ExplainedClip> clips = [];
    private PassedOverClips passedOver = new();

    /// <param name="count">Number of clips, at least 1.</param>
    public ClipExplanations Explain(int count, CancellationToken cancellationToken)
    {
        while (clips.Count < count && clips.Count + passedOver.Count < ClipExplanations.MaxTried)
        {
            if (queues.Take() is not (var chosenAs, var clip))
                break;
            if (Read(clip, cancellationToken) is not { } waveform)
                continue;
            if (FindPredictor(clip, cancellationToken) is not { } predictor)
                return new([], passedOver, "the encoder of the model is neither included nor in the cache or a folder");
            Explain(clip, chosenAs, waveform, predictor, cancellationToken);
        }
        return new(clips, passedOver, null);
    }

    // The recording of a clip, if it can be explained.
    private Waveform? Read(ClipPrediction clip, CancellationToken cancellationToken)
    {
        if (!File.Exists(clip.Path))
        {
            passedOver = passedOver with { Missing = passedOver.Missing + 1 };
            return null;
        }
        try
        {
            var options = new AudioReadOptions
            {
                Channel = clip.Channel ?? clip.ExtractedChannel,
                StartSeconds = clip.StartSeconds,
                EndSeconds = clip.EndSeconds,
            };
            var waveform = AudioReader.Read(clip.Path, options, cancellationToken);
            if (waveform.Seconds <= ClipExplanations.MaxSeconds)
                return waveform;
            passedOver = passedOver with { TooLong = passedOver.TooLong + 1 };
        }
        catch (InvalidInputException)
        {
            passedOver = passedOver with { Unreadable = passedOver.Unreadable + 1 };
        }
        return null;
    }

    private EmotionPredictor? FindPredictor(ClipPrediction clip, CancellationToken cancellationToken)
    {
        try
        {
            return predictors.Get(clip.Fold, cancellationToken);
        }
        catch (InvalidInputException)
        {
            return null; // its message may have paths of this machine, which a report must not have
        }
    }

    private void Explain(
        ClipPrediction clip,
        string chosenAs,
        Waveform waveform,
        EmotionPredictor predictor,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var explanation = predictor.Explain(waveform.Samples, clip.SpeakerNormalization, cancellationToken);
            if (predictor.Labels[explanation.PredictedClass] != clip.Predicted)
            {
                passedOver = passedOver with { Different = passedOver.Different + 1 };
                return;
            }
            clips.Add(ExplainedClip.Create((FindRow(clip), clip), chosenAs, waveform.Seconds, explanation));
            queues.Advance();
        }
        catch (InvalidInputException)
        {
            passedOver = passedOver with { Unreadable = passedOver.Unreadable + 1 };
        }
    }

    private int FindRow(ClipPrediction clip) =>
        1 + result.Predictions.Index().First(prediction => prediction.Item.Key == clip.Key).Index;
}
