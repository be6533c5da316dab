using AttnCrnn.Options;

namespace AttnCrnn.Corpora;

/// <summary>
/// Maps corpus labels to classes: labels can be merged or dropped. Stores keep the original labels; the rules apply
/// when clips are counted, trained on or evaluated.
/// </summary>
/// <remarks>
/// Each original label is mapped once: <c>calm=neutral</c> maps calm to neutral and leaves neutral unchanged. Map and
/// Drop apply to the original labels, the preset to the result of Map. <c>six</c> selects the six classes of the
/// original recipe, <see cref="Six"/>: calm is merged into neutral, surprised and all other labels (boredom, contempt)
/// are dropped. <c>iemocap4</c> and <c>iemocap6</c> select the classes of publications on IEMOCAP, <see
/// cref="LabelPresets"/>. The synonyms of <see cref="LabelVocabulary"/> (anger, joy) and other capitalization are
/// accepted.
/// </remarks>
/// <param name="Map">Rules of the form <c>FROM=TO</c>.</param>
/// <param name="Drop">Original labels whose clips are excluded.</param>
/// <param name="Preset">Null: the labels are the classes.</param>
public sealed record LabelRules(IReadOnlyList<string> Map, IReadOnlyList<string> Drop, LabelPreset? Preset = null)
{
    /// <summary>Leaves all labels unchanged.</summary>
    public static LabelRules None { get; } = new([], []);

    /// <summary>The classes of the preset <c>six</c>, sorted.</summary>
    public static IReadOnlyList<string> Six { get; } = ["angry", "disgust", "fearful", "happy", "neutral", "sad"];

    /// <summary>Parses rules: one or more per text, separated by commas; spaces are trimmed.</summary>
    /// <exception cref="InvalidOptionsException">The rules contradict themselves.</exception>
    public static LabelRules Parse(IReadOnlyList<string> map, IReadOnlyList<string> drop, LabelPreset? preset)
    {
        var rules = new LabelRules([], [.. SplitAtCommas(drop)], preset).WithMap(SplitAtCommas(map));
        InvalidOptionsException.ThrowIfAny(rules.Errors());
        return rules;

        static IEnumerable<string> SplitAtCommas(IReadOnlyList<string> values) =>
            values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries));
    }

    /// <summary>These rules with others of the form <c>FROM=TO</c>, whose spaces are trimmed.</summary>
    public LabelRules WithMap(IEnumerable<string> rules) =>
        this with
        {
            Map = [.. rules.Select(rule => string.Join('=', rule.Split('=', 2).Select(part => part.Trim())))],
        };

    /// <summary>Class of a label; null if its clips are excluded.</summary>
    public string? Apply(string label)
    {
        if (Drop.Contains(label))
            return null;
        var mapped = Map.Where(IsPair)
            .Select(ParsePair)
            .FirstOrDefault(pair => pair.Source == label, (Source: label, Target: label))
            .Target;
        return Preset is { } preset ? LabelPresets.Find(preset, mapped) : mapped;
    }

    /// <summary>Validation errors that do not depend on the labels.</summary>
    public IEnumerable<OptionError> Errors()
    {
        foreach (var rule in Map.Where(rule => !IsPair(rule)))
            yield return new(OptionKeys.Map, rule, "expected FROM=TO, as in calm=neutral");
        foreach (var label in Drop.Where(string.IsNullOrWhiteSpace))
            yield return new(OptionKeys.Drop, $"'{label}'", "expected a label, as in surprised");
        var pairs = Map.Where(IsPair).Select(ParsePair).Distinct().ToList();
        foreach (var duplicate in pairs.GroupBy(pair => pair.Source).Where(group => group.Count() > 1))
        {
            var targets = string.Join(" and ", duplicate.Select(pair => pair.Target));
            yield return new(OptionKeys.Map, $"{duplicate.Key}=…", $"maps to several labels ({targets}): choose one");
        }
        foreach (var (source, target) in pairs)
            if (FindConflict(source, target, pairs) is { } conflict)
                yield return new(OptionKeys.Map, $"{source}={target}", conflict);
    }

    private OptionText? FindConflict(string source, string target, List<(string Source, string Target)> pairs)
    {
        if (Drop.Contains(source))
            return OptionText.Create($"{OptionKeys.Drop} has {source} as well: choose one");
        if (Drop.Contains(target))
            return OptionText.Create($"{OptionKeys.Drop} has {target}: drop {source} as well instead of mapping it");
        // a=b, b=c is ambiguous (a becomes b, or c).
        return source != target && pairs.Any(otherPair => otherPair.Source == target && otherPair.Target != target)
            ? OptionText.FromString($"{target} is also mapped: map {source} directly to the final label")
            : null;
    }

    /// <summary>Validation errors for these labels: unknown names, and rules that leave no classes.</summary>
    /// <param name="labels">Original labels of the clips; may contain duplicates.</param>
    public IEnumerable<OptionError> Check(IEnumerable<string> labels)
    {
        var existingLabels = labels.Distinct().Order(StringComparer.Ordinal).ToList();
        var list =
            existingLabels.Count == 0 ? "no clip has a label" : $"the labels are {string.Join(", ", existingLabels)}";
        foreach (var rule in Map.Where(rule => IsPair(rule) && !existingLabels.Contains(ParsePair(rule).Source)))
            yield return new(OptionKeys.Map, rule, $"no clip has the label '{ParsePair(rule).Source}'; {list}");
        foreach (var label in Drop.Where(label => !existingLabels.Contains(label)))
            yield return new(OptionKeys.Drop, label, $"no clip has the label '{label}'; {list}");
        if (existingLabels.Count > 0 && existingLabels.All(label => Apply(label) is null))
            yield return new(
                OptionKeys.Map,
                "",
                OptionText.Create(
                    $"with {OptionKeys.Drop} and {OptionKeys.Preset}, it leaves no label of "
                        + $"{string.Join(", ", existingLabels)}"
                )
            );
    }

    /// <summary>
    /// How many clips have a label that is no class, by label, in a sentence; null if there are none.
    /// </summary>
    /// <param name="labels">[clips] original labels; null for a clip without one.</param>
    public string? DescribeDropped(IReadOnlyCollection<string?> labels)
    {
        var dropped = labels
            .OfType<string>()
            .CountBy(label => label)
            .Where(label => Apply(label.Key) is null)
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .ToList();
        return dropped.Count == 0
            ? null
            : $"{dropped.Sum(label => label.Value)} of {labels.Count} clips are left out, since their labels are no "
                + "class: "
                + string.Join(", ", dropped.Select(label => $"{label.Key} ({label.Value})"));
    }

    /// <summary>Whether map, drop and preset are equal, in the same order.</summary>
    public bool Equals(LabelRules? other) =>
        other is not null && Map.SequenceEqual(other.Map) && Drop.SequenceEqual(other.Drop) && Preset == other.Preset;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Map.Count, Drop.Count, Preset);

    private static bool IsPair(string rule) => rule.Split('=', 2) is [{ Length: > 0 }, { Length: > 0 }];

    private static (string Source, string Target) ParsePair(string rule)
    {
        var separator = rule.IndexOf('=', StringComparison.Ordinal);
        return (rule[..separator], rule[(separator + 1)..]);
    }
}
