namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>Categories that raters chose, as IEMOCAP, MSP-IMPROV and MSP-Podcast write them.</summary>
internal static class RaterCategories
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["neutral"] = "neutral",
        ["neutral state"] = "neutral",
        ["angry"] = "angry",
        ["anger"] = "angry",
        ["sad"] = "sad",
        ["sadness"] = "sad",
        ["happy"] = "happy",
        ["happiness"] = "happy",
        ["excited"] = "excited",
        ["excitement"] = "excited",
        ["frustrated"] = "frustrated",
        ["frustration"] = "frustrated",
        ["surprise"] = "surprised",
        ["surprised"] = "surprised",
        ["fear"] = "fearful",
        ["fearful"] = "fearful",
        ["disgust"] = "disgust",
        ["disgusted"] = "disgust",
        ["contempt"] = "contempt",
        ["other"] = "other",
    };

    /// <summary>Label of a category; what is no category of the list, such as a rater's own word, is other.</summary>
    public static string GetLabel(string category) => Labels.GetValueOrDefault(category.Trim(), "other");

    /// <summary>The votes of raters: one each, which is divided evenly over the chosen categories.</summary>
    /// <param name="raters">The categories of each rater.</param>
    /// <returns>Null without any category.</returns>
    public static LabelVotes? Count(IEnumerable<IReadOnlyList<string>> raters)
    {
        LabelVote[] votes =
        [
            .. raters.SelectMany(categories =>
                categories.Select(category => new LabelVote(GetLabel(category), 1.0 / categories.Count))
            ),
        ];
        return votes.Length == 0 ? null : new(votes);
    }
}
