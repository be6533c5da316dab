using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// Metadata of EmoBox: <c>data/SET/fold_N/SET_{train,valid,test}_fold_N.jsonl</c>. The subsets of one fold are read as
/// they are.
/// </summary>
/// <remarks>https://github.com/emo-box/EmoBox</remarks>
internal sealed partial class EmoBoxLayout : IFolderReader
{
    private const int DefaultFold = 1;
    private const string NoProtocol = "none";

    public string Name => "EmoBox metadata";

    public bool Recognizes(CorpusFolder folder) => FindFoldFiles(folder).Any();

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var fold = GetFold(options);
        var clips = new LayoutClips(folder, Name, options);
        var finder = new RecordingFinder(folder);
        var read = new List<EmoBoxSet>();
        var absent = new List<string>();
        foreach (var files in FindFoldFiles(folder).GroupBy(file => file.SetFolder, StringComparer.Ordinal))
        {
            var set = EmoBoxSet.Read(files.Key, [.. files]);
            if (set.CountRecordings(finder) == 0)
                absent.Add(set.Name);
            else
            {
                read.Add(set);
                AddFold(clips, folder, set, fold, options.Protocol == NoProtocol);
            }
        }
        NotifyIgnored(clips, folder, absent);
        if (read.Count == 0)
            throw new InvalidInputException(
                folder.Path,
                $"none of the recordings that EmoBox lists of {string.Join(", ", absent)} is there: specify the folder "
                    + "that has the folders data and downloads"
            );
        return clips.Create($"fold {fold} of {string.Join(", ", read.Select(DescribeSet))}");
    }

    private static string DescribeSet(EmoBoxSet set) => $"{set.Name} ({set.Folds.Count} folds)";

    private static void AddFold(LayoutClips clips, CorpusFolder folder, EmoBoxSet set, int fold, bool withoutSplit)
    {
        var rows = set.ReadFold(fold);
        foreach (var row in rows)
            clips.Add(withoutSplit ? row with { Split = null } : row);
        if (set.UnmappedLabels.Count > 0)
            clips.Notify(
                $"{folder.Path}: {set.UnmappedLabels.Count} labels of {set.Name} are not in its label map and are kept "
                    + $"(for example {set.UnmappedLabels[0]})"
            );
        if (withoutSplit)
            return;
        if (rows.All(row => row.Split != Splits.Subset.Validation))
            clips.Notify(
                $"{folder.Path}: fold {fold} of {set.Name} has 0 clips for validation: EmoBox draws 20% of "
                    + "its training clips at random when it trains. Training here needs some: write the clips to a "
                    + $"manifest (corpus with {NoticeText.Mark(OptionKeys.Out)}) and set the split of some "
                    + "training clips to val"
            );
        if (set.Folds.Count > 1)
            clips.Notify(
                $"{folder.Path}: this is fold {fold} of {set.Folds.Count} of {set.Name}; "
                    + $"{NoticeText.Mark(OptionKeys.Protocol)} emobox:N selects another"
            );
    }

    private static int GetFold(CorpusReadOptions options)
    {
        if (options.Protocol is not { } protocol || protocol == NoProtocol)
            return DefaultFold;
        var match = ProtocolPattern().Match(protocol);
        return match.Success
            ? int.Parse(match.Groups["fold"].Value, CultureInfo.InvariantCulture)
            : throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Protocol} {protocol}: expected emobox:N, the number of a fold of EmoBox"
                )
            );
    }

    private static void NotifyIgnored(LayoutClips clips, CorpusFolder folder, List<string> absent)
    {
        if (absent.Count > 0)
            clips.Notify(
                $"{folder.Path}: no recording of {absent.Count} sets that are listed is there: "
                    + string.Join(", ", absent)
            );
        var ignored = folder
            .Files.Where(file => LooseFoldPattern().IsMatch(file) && !FoldPattern().IsMatch(Normalize(file)))
            .ToList();
        if (ignored.Count > 0)
            clips.Notify(
                $"{folder.Path}: {ignored.Count} files of folds are not read, since their names do not end in _fold_N "
                    + $"as those of EmoBox now (for example {ignored[0]})"
            );
    }

    private static IEnumerable<EmoBoxFoldFile> FindFoldFiles(CorpusFolder folder) =>
        folder
            .Files.Select(file => (File: file, Match: FoldPattern().Match(Normalize(file))))
            .Where(entry => entry.Match.Success)
            .Select(entry => new EmoBoxFoldFile(
                entry.File,
                Path.GetDirectoryName(Path.GetDirectoryName(entry.File))!,
                int.Parse(entry.Match.Groups["fold"].Value, CultureInfo.InvariantCulture),
                SubsetNames.Find(entry.Match.Groups["subset"].Value)!.Value
            ));

    private static string Normalize(string path) => path.Replace('\\', '/');

    [GeneratedRegex(
        @"/(?<set>[^/]+)/fold_(?<fold>\d{1,4})/\k<set>_(?<subset>train|valid|test)_fold_\k<fold>\.jsonl$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex FoldPattern();

    [GeneratedRegex(@"_(?:train|valid|test)_fold_?\d+\.jsonl$", RegexOptions.CultureInvariant)]
    private static partial Regex LooseFoldPattern();

    [GeneratedRegex(
        @"^emobox[:_-]?(?:fold[_-]?)?(?<fold>[1-9]\d{0,3})$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex ProtocolPattern();
}
