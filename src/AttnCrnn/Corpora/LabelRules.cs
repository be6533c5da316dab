namespace AttnCrnn.Corpora;

/// <summary>
/// Which classes a corpus' labels become: some are merged, some dropped. Stores keep labels as found; these rules stand between them and
/// whoever counts, trains or judges.
/// </summary>
/// <remarks>
/// A label is looked up once, as found: <c>calm=neutral</c> makes calm neutral and leaves neutral alone. Map comes first, then Drop, then
/// the preset, which therefore sees what Map made. <c>six</c> is the six classes of the original recipe, <see cref="Six"/>: calm is merged
/// into neutral and surprised is dropped, as there, and so is every other label (boredom, contempt), since the original had none; nouns
/// for the six (anger, happiness, joy, sadness, fear) and other spellings by upper case count as the six.
/// </remarks>
/// <param name="Map">Each as <c>from=to</c>.</param>
/// <param name="Drop">Labels as found whose clips take no part.</param>
/// <param name="Preset"><c>six</c>, or null for none.</param>
public sealed record LabelRules(IReadOnlyList<string> Map, IReadOnlyList<string> Drop, string? Preset = null)
{
    /// <summary>Every label stays as it is.</summary>
    public static LabelRules None { get; } = new([], []);

    /// <summary>The classes of the preset <c>six</c>, sorted.</summary>
    public static IReadOnlyList<string> Six { get; } = ["angry", "disgust", "fearful", "happy", "neutral", "sad"];

    private const string SixName = "six";

    private static readonly Dictionary<string, string> ToSix = new(StringComparer.OrdinalIgnoreCase)
    {
        ["angry"] = "angry",
        ["anger"] = "angry",
        ["disgust"] = "disgust",
        ["disgusted"] = "disgust",
        ["fearful"] = "fearful",
        ["fear"] = "fearful",
        ["happy"] = "happy",
        ["happiness"] = "happy",
        ["joy"] = "happy",
        ["neutral"] = "neutral",
        ["calm"] = "neutral",
        ["sad"] = "sad",
        ["sadness"] = "sad",
    };

    /// <summary>The rules as the command line gives them: one a flag, or several with commas between; spaces trimmed.</summary>
    /// <exception cref="ArgumentException">The rules contradict themselves; the message holds every one of <see cref="Errors"/>.</exception>
    public static LabelRules Parse(IReadOnlyList<string> map, IReadOnlyList<string> drop, string? preset)
    {
        var rules = new LabelRules([.. Each(map).Select(Tidy)], [.. Each(drop)], preset?.Trim());
        var errors = rules.Errors().ToList();
        return errors.Count == 0 ? rules : throw new ArgumentException(string.Join("; ", errors));

        static IEnumerable<string> Each(IReadOnlyList<string> flags) =>
            flags.SelectMany(flag => flag.Split(',', StringSplitOptions.TrimEntries));

        static string Tidy(string rule) => string.Join('=', rule.Split('=', 2).Select(part => part.Trim()));
    }

    /// <summary>What a label becomes, or null where its clips take no part.</summary>
    public string? Apply(string label)
    {
        if (Drop.Contains(label))
            return null;
        var mapped = Map.Where(IsPair)
            .Select(Pair)
            .FirstOrDefault(pair => pair.From == label, (From: label, To: label))
            .To;
        return Preset is null ? mapped : ToSix.GetValueOrDefault(mapped);
    }

    /// <summary>What is wrong with the rules themselves, whatever the labels are.</summary>
    public IEnumerable<string> Errors()
    {
        if (Preset is not (null or SixName))
            yield return $"--preset {Preset}: there is only '{SixName}' ({string.Join(", ", Six)})";
        foreach (var rule in Map.Where(rule => !IsPair(rule)))
            yield return $"--map {rule}: expected FROM=TO, as in --map calm=neutral";
        foreach (var label in Drop.Where(string.IsNullOrWhiteSpace))
            yield return $"--drop '{label}': expected a label, as in --drop surprised";
        var pairs = Map.Where(IsPair).Select(Pair).Distinct().ToList();
        foreach (var twice in pairs.GroupBy(pair => pair.From).Where(group => group.Count() > 1))
            yield return $"--map {twice.Key}=… is given {twice.Count()} times, to {string.Join(" and ", twice.Select(pair => pair.To))}: choose one";
        foreach (var (from, to) in pairs)
        {
            if (Drop.Contains(from))
                yield return $"--map {from}={to} and --drop {from}: choose one";
            if (Drop.Contains(to))
                yield return $"--map {from}={to}, but --drop {to}: drop {from} as well instead of mapping it";
            // Both readings of a=b, b=c are plausible (a ends as b, or as c): refuse to guess.
            if (from != to && pairs.Any(next => next.From == to && next.To != to))
                yield return $"--map {from}={to}, but {to} is mapped too: name the last label of the chain for {from}";
        }
    }

    /// <summary>What is wrong with the rules for these labels: names that no clip has, and rules that leave no classes.</summary>
    /// <param name="labels">The labels that clips have, as found; repeats are fine.</param>
    public IEnumerable<string> Check(IEnumerable<string> labels)
    {
        var there = labels.Distinct().Order(StringComparer.Ordinal).ToList();
        var list = there.Count == 0 ? "no clip has a label" : $"the labels are {string.Join(", ", there)}";
        foreach (var rule in Map.Where(rule => IsPair(rule) && !there.Contains(Pair(rule).From)))
            yield return $"--map {rule}: no clip has the label '{Pair(rule).From}'; {list}";
        foreach (var label in Drop.Where(label => !there.Contains(label)))
            yield return $"--drop {label}: no clip has the label '{label}'; {list}";
        if (there.Count > 0 && there.All(label => Apply(label) is null))
            yield return $"--map, --drop and --preset leave no label of {string.Join(", ", there)}";
    }

    /// <summary>Whether map, drop and preset are the same, in the same order.</summary>
    public bool Equals(LabelRules? other) =>
        other is not null && Map.SequenceEqual(other.Map) && Drop.SequenceEqual(other.Drop) && Preset == other.Preset;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Map.Count, Drop.Count, Preset);

    private static bool IsPair(string rule) => rule.Split('=', 2) is [{ Length: > 0 }, { Length: > 0 }];

    private static (string From, string To) Pair(string rule)
    {
        var at = rule.IndexOf('=', StringComparison.Ordinal);
        return (rule[..at], rule[(at + 1)..]);
    }
}
