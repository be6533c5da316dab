using AttnCrnn.Evaluation;
using AttnCrnn.Prediction;

namespace AttnCrnn.Reports.Explanations;

/// <summary>
/// Explanations of a few clips of an evaluation, or why there are none. Clips of which the recording is missing, longer
/// than <see cref="MaxSeconds"/>, unreadable or predicted differently than in the evaluation are passed over.
/// </summary>
public sealed class ClipExplanations
{
    /// <summary>
    /// The longest clip that is explained, in seconds: it takes 21 passes of the encoder over at most 10 s.
    /// </summary>
    public const double MaxSeconds = 10;

    /// <summary>The number of clips that are tried at most.</summary>
    public const int MaxTried = 50;

    internal ClipExplanations(IReadOnlyList<ExplainedClip> clips, PassedOverClips passedOver, string? missingReason)
    {
        Clips = clips;
        PassedOver = passedOver;
        MissingReason = missingReason;
    }

    /// <summary>Number of explained clips.</summary>
    public int Count => Clips.Count;

    /// <summary>Why no clip was tried; null: clips were tried.</summary>
    public string? MissingReason { get; }

    internal IReadOnlyList<ExplainedClip> Clips { get; }

    internal PassedOverClips PassedOver { get; }

    /// <summary>Explains clips of an evaluation of trained models; nothing is downloaded.</summary>
    /// <param name="count">Number of clips; 0: null is returned.</param>
    /// <param name="findModels">Finds the model files of a fold; its number is null for a run without folds.</param>
    /// <param name="options">Threads, convolution and labels of the models.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static ClipExplanations? Create(
        EvaluationResult result,
        int count,
        Func<int?, IReadOnlyList<string>> findModels,
        EmotionPredictorOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(findModels);
        if (count == 0)
            return null;
        var offline = options with
        {
            DetectSpeech = false,

            UsesCacheOnly = true,
        };
        using var predictors = new FoldPredictors(fold => EmotionPredictor.Open(findModels(fold), offline));
        return new ClipExplainer(result, predictors).Explain(count, cancellationToken);
    }

    /// <summary>Explains clips of an evaluation of a published classifier.</summary>
    /// <param name="count">Number of clips; 0: null is returned.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static ClipExplanations? Create(
        EvaluationResult result,
        int count,
        EmotionPredictor predictor,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(predictor);
        if (count == 0)
            return null;
        using var predictors = FoldPredictors.FromOpen(predictor);
        return new ClipExplainer(result, predictors).Explain(count, cancellationToken);
    }
}

/// <summary>How many clips were tried and not explained, by reason.</summary>
/// <param name="Missing">There is no file at the stored path.</param>
/// <param name="Unreadable">The recording cannot be read or predicted.</param>
/// <param name="TooLong">It is longer than <see cref="ClipExplanations.MaxSeconds"/>.</param>
/// <param name="Different">The predicted class differs from the evaluation's.</param>
internal sealed record PassedOverClips(int Missing = 0, int Unreadable = 0, int TooLong = 0, int Different = 0)
{
    public int Count => Missing + Unreadable + TooLong + Different;
}
