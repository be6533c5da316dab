using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about clips and speakers that a user gave and that the model has seen.</summary>
internal static class TrainingOverlapText
{
    public static string Describe(EvaluationProtocol protocol)
    {
        var warmStart =
            protocol.WarmStart is not { } model ? ""
            : protocol.Overlap is { Unknown: null }
                ? $" Training started from the weights of {model}, whose training clips are compared, too."
            : $" Training started from the weights of {model}, whose training clips are not known.";
        return protocol.Overlap is not { } overlap
                ? $"If the model was trained on their speakers, {ProtocolText.Leakage}.{warmStart}"
            : overlap.Unknown is { } reason
                ? $"Whether the model was trained on them cannot be checked ({reason}): if it was trained on their "
                    + $"speakers, {ProtocolText.Leakage}.{warmStart}"
            : $"{DescribeClips(overlap)} {DescribeSpeakers(overlap)}{warmStart}";
    }

    /// <summary>What is known about the model that training started from, and the test clips.</summary>
    /// <param name="overlap">null: of a version that did not look for it.</param>
    public static string DescribeStart(string model, TrainingOverlap? overlap)
    {
        var start = $"Training started from the weights of {model}";
        return overlap is null ? $"{start}: if that model was trained on the test speakers, {ProtocolText.Leakage}."
            : overlap.Unknown is { } reason
                ? $"{start}. Whether that model was trained on the test clips cannot be checked ({reason}): if it was "
                    + $"trained on their speakers, {ProtocolText.Leakage}."
            : $"{start}. Of the test clips: {DescribeClips(overlap)} {DescribeSpeakers(overlap)}";
    }

    private static string DescribeClips(TrainingOverlap overlap)
    {
        if (overlap.SeenClips == 0)
            return overlap.NearCopies is null
                ? "None of them has the samples, or the path, of a training or validation clip of the model "
                    + "(copies that were encoded again, amplified or cut are not looked for: the audited features of "
                    + "the training are not at hand)."
                : "None of them has the samples, the path, or nearly the sound of a training or validation clip of "
                    + "the model.";
        List<string> counts = [];
        if (overlap.TrainingClips > 0)
            counts.Add($"{Count(overlap.TrainingClips)} of its training set");
        if (overlap.ValidationClips > 0)
            counts.Add($"{Count(overlap.ValidationClips)} of its validation set");
        if (overlap.NearCopies > 0)
            counts.Add($"{Count(overlap.NearCopies.Value)} with nearly the sound of a clip of these sets");
        return $"The model has seen {string.Join(" and ", counts)}: the metrics overestimate performance on new clips.";

        static string Count(int clips) => $"{clips} {(clips == 1 ? "clip" : "clips")}";
    }

    private static string DescribeSpeakers(TrainingOverlap overlap) =>
        overlap.SharedSpeakers > 0
            ? $"{overlap.SharedSpeakers} {(overlap.SharedSpeakers == 1 ? "speaker has" : "speakers have")} the name of "
                + $"one of its training or validation set: {ProtocolText.Leakage}."
        : overlap.AllHaveSpeakers ? "No speaker, by name, is in its training or validation set."
        : $"Not every clip has a speaker: if the model was trained on their speakers, {ProtocolText.Leakage}.";
}
