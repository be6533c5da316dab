using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <content>The report, and the clips of the store that the sources of this extraction do not name.</content>
public sealed partial class FeatureExtractor
{
    private int unnamedClips;
    private int clipsWithoutSource;

    private ExtractionReport CreateReport(int clips, TimeSpan elapsed)
    {
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
            UnnamedClips = unnamedClips,
            ClipsWithoutSource = clipsWithoutSource,
        };
    }

    // Of several concurrent partitions, which all have the same sources, one updates the entries.
    private void UpdateUnnamedClips()
    {
        lock (stateLock)
        {
            var unnamed = storedFrames.Entries.Where(entry => !namedClips.Contains(entry)).ToList();
            foreach (var entry in unnamed)
            {
                var sources = namedClips.Update(entry, entry.Sources);
                if (sources is "")
                    clipsWithoutSource++;
                if (sources != entry.Sources && options.Partition.Index == 1)
                    AddToIndex(entry with { Sources = sources });
            }
            unnamedClips = unnamed.Count;
            writer.Flush();
        }
    }

    private ExtractionReport Prune(ExtractionReport report) =>
        report with
        {
            UnnamedClips = 0,
            ClipsWithoutSource = 0,
            Pruning = StorePruning.Run(options.OutputDirectory, options.Format, namedClips.Contains),
        };
}
