using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Formats;

namespace AttnCrnn.Features;

/// <summary>The warnings about clips that are extracted. Thread-safe.</summary>
/// <param name="origins">[clips], <see cref="ClipOrigins"/>.</param>
internal sealed class ExtractionWarnings(IReadOnlyList<Clip> clips, IReadOnlyList<string> origins)
{
    private readonly Lock stateLock = new();
    private readonly SortedDictionary<int, List<ClipWarning>> warnings = [];
    private readonly SortedDictionary<int, double> durations = []; // seconds of clips that were read

    /// <summary>Checks a recording.</summary>
    /// <param name="index">Of the clip.</param>
    /// <returns>What is stored of it.</returns>
    public ClipAudit Add(int index, Waveform waveform)
    {
        var found = RecordingChecks.CheckClip(waveform, speech: null).ToList();
        lock (stateLock)
        {
            durations[index] = waveform.Seconds;
            if (found.Count > 0)
                warnings[index] = [.. found.Select(warning => Describe(index, warning))];
        }
        return ClipAudit.Create(waveform, found.Select(warning => warning.Name));
    }

    /// <summary>Adds a clip whose recording is not read again.</summary>
    public void AddStored(int index, double seconds)
    {
        lock (stateLock)
            durations[index] = seconds;
    }

    /// <summary>All warnings, in the order of the clips.</summary>
    /// <param name="isValid">Whether the clip of an index was extracted: only those are compared in length.</param>
    public IReadOnlyList<ClipWarning> Finish(Func<int, bool> isValid)
    {
        lock (stateLock)
        {
            int[] valid = [.. durations.Keys.Where(isValid)];
            var found = UnusualLengths.FindWithVeryLong(
                [.. valid.Select(index => durations[index])],
                [.. valid.Select(index => origins[index])]
            );
            var mislabeled = FileNameLabels.FindMismatches(
                [.. valid.Select(index => (clips[index].Path, clips[index].Label))],
                [.. valid.Select(index => origins[index])]
            );
            foreach (var (i, warning) in found.Concat(mislabeled))
                warnings[valid[i]] = [.. warnings.GetValueOrDefault(valid[i], []), Describe(valid[i], warning)];
            return [.. warnings.Values.SelectMany(list => list)];
        }
    }

    private ClipWarning Describe(int index, RecordingWarning warning) =>
        new(clips[index].Path, OptionText.Create($"{clips[index].SegmentText}{warning.Message}"))
        {
            Name = warning.Name,
        };
}
