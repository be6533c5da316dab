using System.Globalization;

namespace AttnCrnn.Corpora;

/// <summary>How many raters gave a label to a clip.</summary>
/// <param name="Label">Label of the corpus.</param>
/// <param name="Count">Number of raters, or the sum of their weights; more than 0 and finite.</param>
public readonly record struct LabelVote(string Label, double Count);

/// <summary>The votes of several raters for the labels of a clip.</summary>
public sealed class LabelVotes : IEquatable<LabelVotes>
{
    private readonly LabelVote[] votes;

    /// <summary>Adds the votes of equal labels; labels without votes are left out.</summary>
    /// <exception cref="ArgumentException">
    /// There is no vote, or a number is negative, infinite or not a number.
    /// </exception>
    public LabelVotes(IEnumerable<LabelVote> votes)
    {
        this.votes =
        [
            .. votes
                .Where(vote => vote.Count != 0)
                .GroupBy(vote => vote.Label, StringComparer.Ordinal)
                .Select(group => new LabelVote(group.Key, group.Sum(vote => vote.Count)))
                .OrderBy(vote => vote.Label, StringComparer.Ordinal),
        ];
        if (this.votes.Length == 0)
            throw new ArgumentException("expected at least one vote", nameof(votes));
        foreach (var vote in this.votes)
            if (!(vote.Count > 0) || !double.IsFinite(vote.Count) || vote.Label.Length == 0)
                throw new ArgumentException($"{vote.Count} votes for '{vote.Label}'", nameof(votes));
    }

    /// <summary>Labels with votes, in ordinal order.</summary>
    public IReadOnlyList<LabelVote> Votes => votes;

    /// <summary>The label with the most votes; null if several have as many.</summary>
    public string? Majority
    {
        get
        {
            var max = votes.Max(vote => vote.Count);
            var leading = votes.Where(vote => vote.Count == max).ToArray();
            return leading.Length == 1 ? leading[0].Label : null;
        }
    }

    /// <summary>Parses <see cref="ToString"/>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static LabelVotes Parse(string text)
    {
        try
        {
            return new(text.Split(';').Select(ParseVote));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message);
        }
    }

    /// <summary>Text of a cell, <c>angry=3;sad=1</c>; reserved characters of labels are percent-encoded.</summary>
    public override string ToString() =>
        string.Join(
            ';',
            votes.Select(vote =>
                string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(vote.Label)}={vote.Count:R}")
            )
        );

    /// <inheritdoc/>
    public bool Equals(LabelVotes? other) => other is not null && votes.AsSpan().SequenceEqual(other.votes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelVotes);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static LabelVote ParseVote(string text)
    {
        var parts = text.Split('=');
        return
            parts.Length == 2
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
            ? new(Uri.UnescapeDataString(parts[0]), count)
            : throw new FormatException($"vote '{text}'");
    }
}
