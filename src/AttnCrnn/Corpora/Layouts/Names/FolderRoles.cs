namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>What the levels of a source's folders are: labels, speakers, subsets, sexes or nothing.</summary>
internal sealed record FolderRoles
{
    private const double MinLabelFraction = 0.5;
    private const double MinRecurringFraction = 0.5;

    public FolderLevel? Label { get; private init; }

    public FolderLevel? Speaker { get; private init; }

    public FolderLevel? Split { get; private init; }

    public FolderLevel? Sex { get; private init; }

    /// <summary>Levels that are taken for nothing, which must be said.</summary>
    public IReadOnlyList<FolderLevel> Unused { get; private init; } = [];

    /// <summary>What is ambiguous, for an error; null: nothing.</summary>
    public string? Ambiguity { get; private init; }

    /// <summary>What is known of ambiguous levels, of which patterns say the others.</summary>
    public FolderRoles WithoutAmbiguity(bool keepsLabels) =>
        this with
        {
            Label = keepsLabels ? Label : null,
            Speaker = null,
            Unused = [],
            Ambiguity = null,
        };

    /// <summary>
    /// Decides by the names of the levels; where those say nothing, by which names recur under which. A level with one
    /// name, such as <c>audio</c>, says nothing.
    /// </summary>
    /// <param name="levels">From the source to the recordings.</param>
    /// <param name="subsets">The level of subsets, if it is known and not among the others.</param>
    public static FolderRoles Decide(IReadOnlyList<FolderLevel> levels, FolderLevel? subsets)
    {
        var split = subsets ?? levels.FirstOrDefault(level => level.IsSplit);
        var sex = levels.FirstOrDefault(level => level.IsSex);
        var open = levels.Where(level => level != split && level != sex && CanBeNames(level)).ToList();
        if (open.Any(level => !level.IsIntensity && level.LabelFraction >= MinLabelFraction))
            open.RemoveAll(level => level.IsIntensity);
        // One name is no classification; as the only name, it is a label of which other sources may have more.
        if (open.Count == 0 && levels is [.., { IsConstant: true } last] && last != split && !last.SaysNothing)
            open = [last];
        var roles = new FolderRoles
        {
            Split = split,

            Sex = sex,
        };
        var decided =
            open.Count == 0 ? roles
            : open.Count == 1 ? roles.DecideOne(open[0])
            : roles.DecideSeveral(open);
        return decided with
        {
            Unused =
            [
                .. levels.Where(level =>
                    decided.Unused.Contains(level)
                    || (level != split && level != sex && !open.Contains(level) && decided.MustSay(level, levels))
                ),
            ],
        };
    }

    // Whether a level may have labels or speakers.
    private static bool CanBeNames(FolderLevel level) =>
        level.IsConstant ? level.LabelFraction > 0 || level.HasSpeakerNames : !level.SaysNothing;

    // A folder around all recordings needs no word, unless it is all there is.
    private bool MustSay(FolderLevel level, IReadOnlyList<FolderLevel> levels) =>
        !level.IsConstant || (Label is null && Speaker is null && level == levels[^1]);

    private FolderRoles DecideOne(FolderLevel level) =>
        level is { LabelFraction: 0, HasSpeakerNames: true }
            ? this with
            {
                Speaker = level,
            }
            : this with
            {
                Label = level,
            };

    private FolderRoles DecideSeveral(List<FolderLevel> levels)
    {
        if (FindLabel(levels) is not { } label)
            return this with
            {
                Ambiguity =
                    $"labels and speakers are ambiguous: {string.Join(" or ", levels.Select(l => l.Describe()))}",
            };
        var others = levels.Where(level => level != label && (!level.IsConstant || level.HasSpeakerNames)).ToList();
        var candidates = FindSpeakers(others, label);
        return
            candidates.Count > 1
            || candidates.Any(level => !level.HasSpeakerNames && level.MayBeAnything)
            || others.Any(level => !candidates.Contains(level) && IsDoubtful(level, label))
            ? this with
            {
                Label = label,
                Ambiguity =
                    $"labels are the names of {label.Describe()}, but speakers are ambiguous: "
                    + string.Join(" or ", others.Select(level => level.Describe())),
            }
            : this with
            {
                Label = label,
                Speaker = candidates.SingleOrDefault(),
                Unused = [.. others.Except(candidates)],
            };
    }

    private static FolderLevel? FindLabel(List<FolderLevel> levels)
    {
        var varying = levels.Where(level => !level.IsConstant).ToList();
        var best = FindKnown(varying) ?? FindKnown(levels);
        if (best is not null || levels.Count != 2)
            return best;
        // The other of two levels, if one has the names of speakers; numbers may be codes of labels as well.
        var speakers = levels.Where(level => level.HasSpeakerNames).ToList();
        return speakers.Count == 1 ? levels.Single(level => level != speakers[0]) : null;
    }

    private static FolderLevel? FindKnown(List<FolderLevel> levels) =>
        FindBest(levels, level => level.EmotionFraction) ?? FindBest(levels, level => level.LabelFraction);

    private static FolderLevel? FindBest(List<FolderLevel> levels, Func<FolderLevel, double> getFraction)
    {
        var max = levels.Select(getFraction).DefaultIfEmpty().Max();
        var best = levels.Where(level => getFraction(level) == max).ToList();
        return max >= MinLabelFraction && best.Count == 1 ? best[0] : null;
    }

    private static List<FolderLevel> FindSpeakers(List<FolderLevel> others, FolderLevel label)
    {
        var named = others.Where(level => level.HasSpeakerNames).ToList();
        return named.Count > 0 ? named
            : label.IsConstant ? []
            : [.. others.Where(level => level.GetRecurringFraction(label) >= MinRecurringFraction)];
    }

    // Some names recur, as those of speakers do, and most do not; or there is one label, under which none can recur.
    private static bool IsDoubtful(FolderLevel level, FolderLevel label) =>
        !level.HasSpeakerNames
        && (label.IsConstant || level.GetRecurringFraction(label) is > 0 and < MinRecurringFraction);
}
