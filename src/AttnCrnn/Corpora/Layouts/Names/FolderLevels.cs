namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// The levels of folders of a source's recordings. Where recordings are in different numbers of folders, the levels are
/// counted from the recordings or from the source, whichever gives the names of labels.
/// </summary>
/// <param name="Levels">From the source to the recordings.</param>
/// <param name="Ambiguity">Why the levels cannot be told, for an error; null: they can.</param>
internal sealed record FolderLevels(IReadOnlyList<FolderLevel> Levels, string? Ambiguity)
{
    /// <summary>The levels of recordings.</summary>
    /// <param name="folders">[recordings], the folders of each, at least one.</param>
    /// <param name="hasSubsets">Whether the first level is subsets, wherever the others are counted from.</param>
    public static FolderLevels Create(IReadOnlyList<string[]> folders, bool hasSubsets)
    {
        if (!hasSubsets || folders.All(names => names.Length == 1))
            return Create(folders, 0);
        var within = Create([.. folders.Select(names => names[1..])], 1);
        return within with { Levels = [new("level 1", [.. folders.Select(names => names[0])]), .. within.Levels] };
    }

    /// <summary>The index of one of the levels.</summary>
    public int IndexOf(FolderLevel level) => Levels.TakeWhile(other => other != level).Count();

    private static FolderLevels Create(IReadOnlyList<string[]> folders, int skipped)
    {
        var min = folders.Min(names => names.Length);
        var max = folders.Max(names => names.Length);
        var fromSource = CreateLevels(folders, min, skipped, fromEnd: false);
        if (min == max)
            return new(fromSource, null);
        var fromRecordings = CreateLevels(folders, min, skipped, fromEnd: true);
        var bySource = fromSource.Max(level => level.LabelFraction);
        var byRecordings = fromRecordings.Max(level => level.LabelFraction);
        if (byRecordings > bySource || (byRecordings > 0 && byRecordings == bySource && IsSmaller()))
            return new(fromRecordings, null);
        if (bySource > 0)
            return new(fromSource, null);
        // Copies of a folder in a folder: the names next to the recordings are the same in both.
        var deep = folders.Where(names => names.Length > min).Select(names => names[^1]).Distinct();
        var shallow = folders.Where(names => names.Length == min).Select(names => names[^1]).ToHashSet();
        return deep.All(shallow.Contains)
            ? new(fromRecordings, null)
            : new(
                fromSource,
                $"its recordings are in {skipped + min} to {skipped + max} folders, so that it is ambiguous which are "
                    + $"labels: {fromSource[0].Describe()} or {fromRecordings[^1].Describe()}"
            );

        bool IsSmaller() =>
            fromRecordings.Min(level => level.Distinct.Count) < fromSource.Min(level => level.Distinct.Count);
    }

    private static IReadOnlyList<FolderLevel> CreateLevels(
        IReadOnlyList<string[]> folders,
        int count,
        int skipped,
        bool fromEnd
    ) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new FolderLevel(
                    !fromEnd ? $"level {skipped + i + 1}"
                        : i == count - 1 ? "the last level"
                        : $"level {count - i} from the recordings",
                    [.. folders.Select(names => names[fromEnd ? names.Length - count + i : i])]
                )),
        ];
}
