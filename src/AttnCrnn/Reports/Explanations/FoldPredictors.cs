using AttnCrnn.Audio;
using AttnCrnn.Prediction;

namespace AttnCrnn.Reports.Explanations;

/// <summary>The predictors of the folds of an evaluation, of which one is open at a time.</summary>
/// <param name="open">Opens the predictor of a fold; null: of an evaluation without folds.</param>
internal sealed class FoldPredictors(Func<int?, EmotionPredictor> open) : IDisposable
{
    private EmotionPredictor? current;
    private int? currentFold;
    private bool isBorrowed;

    /// <summary>The predictor of an evaluation without folds, which its owner disposes.</summary>
    public static FoldPredictors FromOpen(EmotionPredictor predictor) =>
        new(_ => predictor)
        {
            current = predictor,

            isBorrowed = true,
        };

    /// <summary>The predictor of a fold, whose encoder is open.</summary>
    /// <exception cref="InvalidInputException">A model is invalid, or its encoder cannot be opened.</exception>
    public EmotionPredictor Get(int? fold, CancellationToken cancellationToken)
    {
        if (current is null || (currentFold != fold && !isBorrowed))
        {
            current?.Dispose();
            current = null;
            current = open(fold);
            currentFold = fold;
            // A second of silence can be encoded, so that an error is one of the encoder and not of a recording.
            current.Prepare(new float[Waveform.SampleRateHz], null, cancellationToken);
        }
        return current;
    }

    public void Dispose()
    {
        if (!isBorrowed)
            current?.Dispose();
    }
}
