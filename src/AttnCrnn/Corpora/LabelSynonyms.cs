using AttnCrnn.Options;

namespace AttnCrnn.Corpora;

/// <summary>Labels that are words for one emotion, as angry and anger are, but different classes.</summary>
internal static class LabelSynonyms
{
    /// <summary>What is said about such labels.</summary>
    /// <param name="labels">In the spelling that is used, as often as they occur.</param>
    public static IEnumerable<string> Notices(IEnumerable<string> labels)
    {
        var emotions = labels
            .CountBy(label => label)
            .GroupBy(label => LabelVocabulary.Find(label.Key))
            .Where(emotion => emotion.Key is not null && emotion.Skip(1).Any());
        foreach (var emotion in emotions)
        {
            var used = emotion
                .OrderByDescending(label => label.Key.Equals(emotion.Key, StringComparison.OrdinalIgnoreCase))
                .ThenByDescending(label => label.Value)
                .ToList();
            var counts = string.Join(" and ", used.Select(label => $"{label.Key} ({label.Value})"));
            var maps = used.Skip(1).Select(label => $"{NoticeText.Mark(OptionKeys.Map)} {label.Key}={used[0].Key}");
            yield return $"labels {counts} are words for one emotion, but {used.Count} classes unless "
                + $"{string.Join(" and ", maps)} makes them one";
        }
    }
}
