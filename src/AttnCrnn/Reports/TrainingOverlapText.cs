using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about clips and speakers that a user gave and that the model has seen.</summary>
internal static class TrainingOverlapText
{
    public static string Describe(EvaluationProtocol protocol)
    {
        var warmStart = protocol.WarmStart is { } model
            ? $" Training started from the weights of {model}, whose training clips are not known."
            : "";
        return protocol.Overlap is not { } overlap
                ? $"If the model was trained on their speakers, {ProtocolText.Leakage}.{warmStart}"
            : overlap.Unknown is { } reason
                ? $"Whether the model was trained on them cannot be checked ({reason}): if it was trained on their "
                    + $"speakers, {ProtocolText.Leakage}.{warmStart}"
            : $"{DescribeClips(overlap)} {DescribeSpeakers(overlap)}{warmStart}";
    }

    private static string DescribeClips(TrainingOverlap overlap)
    {
        if (overlap is { TrainingClips: 0, ValidationClips: 0 })
            return "None of them has the samples, or the path, of a training or validation clip of the model "
                + "(copies that were encoded again, amplified or cut are not looked for).";
        List<string> counts = [];
        if (overlap.TrainingClips > 0)
            counts.Add($"{Count(overlap.TrainingClips)} of its training set");
        if (overlap.ValidationClips > 0)
            counts.Add($"{Count(overlap.ValidationClips)} of its validation set");
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
