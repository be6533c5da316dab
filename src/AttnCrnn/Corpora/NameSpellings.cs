using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora;

/// <summary>
/// Spellings of names that are one name: equal but for case, spaces, invisible characters and the normalization form.
/// The most frequent spelling is used, without what cannot be seen; of equally frequent ones, that in lower case.
/// </summary>
internal sealed class NameSpellings
{
    private const int MaxExamples = 5;

    private readonly Dictionary<string, string?> used = [];
    private readonly List<(string Used, (string Spelling, int Count)[] Spellings)> merged = [];
    private readonly List<(string Spelling, int Count)> missing = [];

    /// <param name="names">All names, as often as they occur.</param>
    /// <param name="isMissing">Whether a name says that there is none.</param>
    public NameSpellings(IEnumerable<string> names, Func<string, bool> isMissing)
    {
        var spellings = names.CountBy(name => name).Select(counted => (Spelling: counted.Key, Count: counted.Value));
        foreach (var name in spellings.GroupBy(spelling => NameText.GetKey(spelling.Spelling)))
        {
            var listed = name.ToArray();
            var chosen = isMissing(name.Key) ? null : Choose(listed);
            foreach (var (spelling, _) in listed)
                used[spelling] = chosen;
            if (chosen is null)
                missing.AddRange(listed.Where(spelling => spelling.Spelling.Length > 0));
            else if (listed.Length > 1)
                merged.Add((chosen, listed));
        }
    }

    /// <summary>The name to use for a spelling; null if it says that there is none.</summary>
    public string? Find(string spelling) => used.GetValueOrDefault(spelling, spelling);

    /// <summary>What is said about these names.</summary>
    /// <param name="kind">What they name: label or speaker.</param>
    public IEnumerable<string> Notices(string kind)
    {
        if (merged.Count > 0)
            yield return $"{merged.Sum(name => name.Spellings.Length)} spellings are {merged.Count} {kind}"
                + (merged.Count == 1 ? ": " : "s: ")
                + ListExamples(
                    merged.Select(name => $"{ListSpellings(name.Spellings)} are {NameText.Show(name.Used)}")
                );
        if (missing.Count > 0)
            yield return $"{missing.Sum(spelling => spelling.Count)} clips have a {kind} that means none, and so have "
                + $"none: {ListSpellings(missing)}";
    }

    private static string Choose((string Spelling, int Count)[] spellings) =>
        spellings
            .GroupBy(spelling => NameText.Clean(spelling.Spelling), spelling => spelling.Count)
            .OrderByDescending(cleaned => cleaned.Sum())
            .ThenBy(cleaned => cleaned.Key.Any(char.IsUpper))
            .First()
            .Key;

    private static string ListSpellings(IEnumerable<(string Spelling, int Count)> spellings) =>
        ListExamples(spellings.Select(spelling => $"{NameText.Show(spelling.Spelling)} ({spelling.Count})"), ", ");

    /// <summary>The first examples, and the number of the others.</summary>
    public static string ListExamples(IEnumerable<string> examples, string separator = "; ")
    {
        var all = examples.ToList();
        var listed = string.Join(separator, all.Take(MaxExamples));
        return all.Count > MaxExamples ? $"{listed}{separator}and {all.Count - MaxExamples} more" : listed;
    }
}
