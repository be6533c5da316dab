using System.Globalization;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports;

/// <summary>The result of an evaluation in one sentence, with its confidence interval and protocol.</summary>
public static class ClaimText
{
    /// <summary>
    /// Such as <c>UAR 0.634 (95% CI 0.580 to 0.700) on 240 clips of 4 unseen speakers; 8 classes; speaker-independent
    /// split.</c> It says of speakers only what the protocol ensures.
    /// </summary>
    public static string Describe(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var synthetic = result.Protocol.Synthetic ? "synthetic " : "";
        var clips = FormatCount(result.Metrics.ClipCount, $"{synthetic}clip");
        return $"UAR {Format(result.Metrics.Uar)} ({DescribeInterval(result.ConfidenceIntervals.Uar)}) on {clips} of "
            + $"{DescribeSpeakers(result)}; {ClassCoverageText.CountClasses(result)}; {DescribeProtocol(result)}.";
    }

    private static string DescribeInterval(ConfidenceInterval? interval) =>
        interval is { } bounds ? $"95% CI {Format(bounds.Low)} to {Format(bounds.High)}" : "no confidence interval";

    private static string DescribeSpeakers(EvaluationResult result)
    {
        var protocol = result.Protocol;
        if (result.SpeakerCount == 0)
            return "unknown speakers";
        var unnamed = result.Predictions.Any(clip => clip.Speaker is null) ? " and of unknown speakers" : "";
        var speakers = FormatCount(result.SpeakerCount, "speaker");
        if (protocol.IsSpeakerIndependent)
            return result.Folds.Count > 0
                ? $"{speakers}, each evaluated by a model that was not trained on clips of that speaker"
                : $"{FormatCount(result.SpeakerCount, "unseen speaker")}{unnamed}";
        if (protocol.HasUnknownStart)
            return $"{speakers}{unnamed}, on whom the initial model may have been trained";
        if (protocol.Overlap is { SpeakersDisjoint: true })
            return $"{speakers}, none of whom, by name, the model was trained on";
        return protocol.SeparatesClips
            ? $"{speakers}{unnamed}, who may be in the training set too"
            : $"{speakers}{unnamed}, on whom the model may have been trained";
    }

    private static string DescribeProtocol(EvaluationResult result)
    {
        var protocol = result.Protocol;
        if (protocol.TrainedCorpora.Count > 0)
            return $"clips of a corpus on which the model was trained ({string.Join(", ", protocol.TrainedCorpora)})";
        if (!protocol.SeparatesClips)
            return protocol.Overlap is { IsCrossCorpus: true } overlap
                ? $"cross-corpus, trained on {string.Join(", ", overlap.TrainingCorpora)} and evaluated on "
                    + string.Join(", ", overlap.EvaluatedCorpora)
                : "clips selected by the user";
        if (protocol.IsSpeakerIndependent)
            return $"speaker-independent {DescribeKind(protocol)}{DescribeFolds(protocol)}";
        return protocol.HasUnknownStart
            ? $"{DescribeKind(protocol)}{DescribeSpeakerSplit(protocol)}{DescribeFolds(protocol)}, with the initial "
                + "weights of another model"
            : $"{DescribeKind(protocol)}{DescribeFolds(protocol)}, not speaker-independent";
    }

    private static string DescribeKind(EvaluationProtocol protocol)
    {
        var folds = protocol.Folds;
        if (protocol.LeavesOneSpeakerOut)
            return "leave-one-speaker-out cross-validation";
        var validation = folds.ToString(CultureInfo.InvariantCulture) + "-fold cross-validation";
        return protocol.Kind switch
        {
            SplitKind.Clip => folds > 0 ? $"{validation} by clip" : "split by clip",
            SplitKind.Random => folds > 0 ? $"random {validation} by clip" : "random split by clip",
            SplitKind.SpeakerList => "split with named speakers",
            SplitKind.Manifest => "split of the manifest or corpus",
            _ => folds > 0 ? validation : "split",
        };
    }

    private static string DescribeSpeakerSplit(EvaluationProtocol protocol) =>
        protocol.Kind == SplitKind.Speaker ? " by speaker" : "";

    private static string DescribeFolds(EvaluationProtocol protocol)
    {
        var folds = protocol.Folds;
        var trained =
            protocol.TrainedFolds.Count < folds ? $" ({protocol.TrainedFolds.Count} of {folds} folds trained)" : "";
        return protocol.UnfinishedTrainings > 0 ? $"{trained}, training not finished" : trained;
    }

    private static string Format(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string FormatCount(int count, string noun) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
