using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <content>The report, and the clips of the store that the sources of this extraction do not name.</content>
public sealed partial class FeatureExtractor
{
    private readonly SortedDictionary<int, string> missingRecordings = []; // by index of the clip
    private int unnamedClips;
    private int clipsWithoutSource;
    private int changedClips;

    private ExtractionReport CreateReport(int clips, TimeSpan elapsed)
    {
        var merged = MergeStored();
        StoredClip[] stored = [.. merged.Entries.Select(entry => entry.Entry.ToStoredClip(entry.Entry.File))];
        var threads = Math.Min(options.Threads, Math.Max(1, clips));
        return new(
            clips,
            written,
            alreadyStored,
            [.. errors.Values],
            warnings.Finish(index => !errors.ContainsKey(index)),
            seconds,
            frames,
            elapsed,
            EncoderTimeFraction: elapsed > TimeSpan.Zero ? encoderTime / (elapsed * threads) : 0
        )
        {
            AuditedAgain = auditedAgain,
            UnnamedClips = unnamedClips,
            ClipsWithoutSource = clipsWithoutSource,
            ChangedClips = changedClips,
            MissingRecordings = [.. missingRecordings.Values],
            Contradictions = merged.Contradictions,
            EqualRecordings = [.. FindEqualRecordings(merged)],
            NearDuplicates = DescribeNearDuplicates(stored),
            TrimmedDuplicates = DescribeTrimmedDuplicates(stored),
            SharedSpeakers = DescribeSharedSpeakers(merged),
            BandwidthDifferences = [.. DescribeBandwidths(merged)],
        };
    }

    // The stored frames of the clip, if they need not be computed: its recording is the same as then, or is missing at
    // the moment, while the sources still name the clip.
    private ShardIndexEntry? FindStored(int index, Clip clip, ShardIndexEntry entry, bool exists)
    {
        lock (stateLock)
        {
            // Of an older version, which did not audit: it is read again, and its frames are reused.
            if (exists)
                return storedFrames.FindUnchanged(entry) is { Audit: not null } unchanged ? unchanged : null;
            var stored = storedFrames.FindFrames(entry);
            if (stored is not null)
                missingRecordings[index] = clip.Path;
            return stored;
        }
    }

    // Of several concurrent partitions, which all have the same sources, one updates the entries.
    private void UpdateUnnamedClips()
    {
        lock (stateLock)
        {
            var unnamed = storedFrames.Clips.Clips.Where(clip => !namedClips.Contains(clip.Newest.Entry)).ToList();
            foreach (var clip in unnamed)
            {
                if (clip.Sources.All(source => clip.IsReplaced(source) || namedClips.IsSource(source.Id)))
                    clipsWithoutSource++;
                if (options.Partition.Index == 1 && namedClips.CreateDropped(clip) is { } dropped)
                    AddToIndex([dropped]);
            }
            unnamedClips = unnamed.Count;
            writer.Flush();
        }
    }

    // Pruning leaves what the sources of this extraction say.
    private MergedClips MergeStored()
    {
        var used = storedFrames.Clips.Ordered.Where(clip =>
            options.Prune ? namedClips.Contains(clip.Newest.Entry) : !clip.IsWithoutSource
        );
        return MergedClips.Create(
            [.. used],
            options.Prune ? namedClips.IsSource : _ => true,
            SourceNames.Read([options.OutputDirectory])
        );
    }

    // Only here are the samples of all clips known.
    private static IEnumerable<OptionText> FindEqualRecordings(MergedClips merged)
    {
        StoredClip[] stored =
        [
            .. merged
                .Entries.Where(entry => entry.Entry.Problem.Length == 0)
                .Select(entry => entry.Entry.ToStoredClip(entry.Entry.File)),
        ];
        var names = new ClipNames(stored.Select(clip => clip.Label), []);
        var equal = EqualRecordings.Find(stored, [.. stored.Select(clip => names.FindLabel(clip.Label))]);
        if (equal.LabelContradiction is { } labels)
            yield return labels;
        if (equal.SubsetContradiction is { } subsets)
            yield return subsets;
    }

    private static OptionText? DescribeTrimmedDuplicates(StoredClip[] stored)
    {
        var equal = stored
            .Where(clip => clip.Audit is { TrimmedKey.Length: > 0 })
            .GroupBy(clip => clip.Audit!.TrimmedKey)
            .Select(group => group.DistinctBy(clip => clip.Key).ToList())
            .Where(group => group.Count > 1)
            .ToList();
        var count = equal.Sum(group => group.Count - 1);
        return count == 0
            ? null
            : OptionText.Create(
                $"{AuditFindings.EqualRecordings}: {count} {(count == 1 ? "clip equals" : "clips equal")} another "
                    + $"except for silence at the ends (for example {equal[0][0].Name} and {equal[0][1].Name}): "
                    + $"{AuditFindings.GetRemedy(AuditFindings.EqualRecordings)}; train refuses them in two subsets"
            );
    }

    private static OptionText? DescribeSharedSpeakers(MergedClips merged) =>
        Corpora
            .Auditing.CorpusFindings.Find([
                .. merged.Entries.Select(entry => new Clip(
                    entry.Entry.Path,
                    entry.Entry.Label,
                    entry.Entry.Speaker,
                    entry.Entry.Split
                )),
            ])
            .Where(finding => finding.Name == AuditFindings.SharedSpeakers)
            .Select(AuditFindings.DescribeWithRemedy)
            .FirstOrDefault();

    private static OptionText? DescribeNearDuplicates(StoredClip[] stored)
    {
        var pairs = NearDuplicates
            .Find([.. stored.Select(clip => clip.Fingerprint)])
            .Where(pair => stored[pair.First].Audit!.TrimmedKey != stored[pair.Second].Audit!.TrimmedKey)
            .ToList();
        return pairs.Count == 0
            ? null
            : OptionText.Create(
                $"near_duplicates: {pairs.Count} {(pairs.Count == 1 ? "pair" : "pairs")} of clips with nearly the "
                    + $"same sound (for example {stored[pairs[0].First].Name} and {stored[pairs[0].Second].Name}): "
                    + $"{AuditFindings.GetRemedy(AuditFindings.NearDuplicates)}; train refuses them in two subsets"
            );
    }

    private IEnumerable<OptionText> DescribeBandwidths(MergedClips merged)
    {
        var sourcePaths = SourceNames.Read([options.OutputDirectory]);
        ShardIndexEntry[] stored = [.. merged.Entries.Select(entry => entry.Entry)];
        var origins = ClipOrigins.Find(
            [.. stored.Select(entry => entry.Path)],
            [.. stored.Select(entry => SourceNames.Find(entry, sourcePaths))]
        );
        return BandwidthDifferences
            .Find(
                stored.Zip(origins, (entry, origin) => new ClipBandwidth(origin, entry.Label, entry.Audit?.BandwidthHz))
            )
            .Select(AuditFindings.DescribeWithRemedy);
    }

    private ExtractionReport Prune(ExtractionReport report) =>
        report with
        {
            UnnamedClips = 0,
            ClipsWithoutSource = 0,
            Pruning = StorePruning.Run(options.OutputDirectory, options.Format, namedClips),
        };
}
