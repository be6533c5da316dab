namespace AttnCrnn.Corpora;

/// <summary>Lists in messages: the first items, and the number of the others.</summary>
internal static class ShortList
{
    /// <summary><c>a, b</c>, or <c>a, b and 30 more</c>.</summary>
    /// <param name="max">Number of items that are listed.</param>
    /// <param name="others">The word for the other items.</param>
    public static string Format(IReadOnlyCollection<string> items, int max, string others = "more")
    {
        var listed = string.Join(", ", items.Take(max));
        return items.Count > max ? $"{listed} and {items.Count - max} {others}" : listed;
    }
}
