using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>
/// What was found in the samples of a segment of a recording while they were decoded, as a whole or in a part of it:
/// samples that are not finite, and levels of channels.
/// </summary>
internal sealed class SampleFindings
{
    private const double StepSeconds = 0.01; // of the levels of parts
    private const int ChannelsPerStep = 8;

    private readonly int channels;
    private readonly int? selected; // index of the channel that is read; null: the mean of all
    private readonly int sampleRateHz;
    private readonly long startSample;
    private readonly long endSample;
    private readonly int stepSamples;
    private readonly bool hasParts;
    private readonly LevelSums levels;
    private readonly List<LevelSums> steps = [];
    private readonly List<NonFiniteRun> runs = [];
    private long droppedSteps;
    private long decodedSamples; // per channel

    /// <param name="selected">Index of the channel that is read; null: the mean of all.</param>
    /// <param name="hasParts">Whether parts are asked for; memory then grows with the segment, unless it is dropped.
    /// </param>
    public SampleFindings(int channels, int? selected, int sampleRateHz, AudioSegment segment, bool hasParts)
    {
        this.channels = channels;
        this.selected = selected;
        this.sampleRateHz = sampleRateHz;
        this.hasParts = hasParts;
        startSample = ToSample(segment.StartSeconds ?? 0);
        endSample = segment.EndSeconds is { } end ? ToSample(end) : long.MaxValue;
        // Longer steps for many channels, each of which takes memory.
        stepSamples = (int)Math.Max(1, sampleRateHz * StepSeconds * Math.Max(1, channels / ChannelsPerStep));
        levels = new(channels);
    }

    /// <summary>Number of samples that are not finite, of those that are read.</summary>
    public long NonFiniteCount { get; private set; }

    /// <summary>Index of the loudest channel of the segment, of equal ones the first.</summary>
    public int FindLoudest() => levels.FindLoudest();

    /// <summary>Adds the next samples of the recording.</summary>
    /// <param name="interleaved">[samples, channels].</param>
    /// <param name="mean">[samples]; empty if it is not used.</param>
    /// <param name="nonFinite">Indices of the interleaved samples that were NaN or infinite.</param>
    public void Add(ReadOnlySpan<float> interleaved, ReadOnlySpan<float> mean, IReadOnlyList<int> nonFinite)
    {
        var count = interleaved.Length / channels;
        var first = (int)Math.Clamp(startSample - decodedSamples, 0, count);
        var end = (int)Math.Clamp(endSample - decodedSamples, first, count);
        AddNonFinite(nonFinite, first, end);
        if (channels > 1)
            AddLevels(interleaved, mean, first, end);
        decodedSamples += count;
    }

    /// <summary>Warnings about the segment.</summary>
    public IEnumerable<RecordingWarning> Check() => Describe(NonFiniteCount, levels);

    /// <summary>Warnings about a part of the segment.</summary>
    /// <param name="startSeconds">From the start of the segment.</param>
    public IEnumerable<RecordingWarning> Check(double startSeconds, double endSeconds)
    {
        var start = ToSample(startSeconds);
        var end = ToSample(endSeconds);
        var part = new LevelSums(channels);
        var firstStep = Math.Max(0, (start / stepSamples) - droppedSteps);
        var endStep = Math.Min(steps.Count, ((end + stepSamples - 1) / stepSamples) - droppedSteps);
        for (var i = firstStep; i < endStep; i++)
            part.Add(steps[(int)i]);
        return Describe(runs.Sum(run => run.CountWithin(start, end)), part);
    }

    /// <summary>Forgets what was found before a time, of which no part will be asked for.</summary>
    public void DropBefore(double seconds)
    {
        var start = ToSample(seconds);
        var dropped = (int)Math.Clamp((start / stepSamples) - droppedSteps, 0, steps.Count);
        steps.RemoveRange(0, dropped);
        droppedSteps += dropped;
        runs.RemoveAll(run => run.End <= start);
    }

    private IEnumerable<RecordingWarning> Describe(long nonFinite, LevelSums sums)
    {
        if (nonFinite > 0)
            yield return RecordingWarning.CreateNonFinite(nonFinite);
        if (selected is not null)
            yield break;
        foreach (var warning in sums.Check())
            yield return warning;
    }

    private void AddNonFinite(IReadOnlyList<int> indices, int first, int end)
    {
        for (int i = 0, next; i < indices.Count; i = next)
        {
            var sample = indices[i] / channels;
            for (next = i + 1; next < indices.Count && indices[next] / channels == sample; )
                next++;
            var count = selected is { } channel
                ? indices.Skip(i).Take(next - i).Count(index => index % channels == channel)
                : next - i;
            if (sample >= first && sample < end && count > 0)
                AddNonFinite(decodedSamples + sample - startSample, count);
        }
    }

    private void AddNonFinite(long sample, int count)
    {
        NonFiniteCount += count;
        if (!hasParts)
            return;
        if (runs.Count > 0 && runs[^1].End == sample && runs[^1].ChannelCount == count)
            runs[^1] = runs[^1] with { End = sample + 1 };
        else
            runs.Add(new(sample, sample + 1, count));
    }

    private void AddLevels(ReadOnlySpan<float> interleaved, ReadOnlySpan<float> mean, int first, int end)
    {
        while (first < end)
        {
            var position = decodedSamples + first - startSample;
            var count = (int)Math.Min(end - first, stepSamples - (position % stepSamples));
            var block = interleaved.Slice(first * channels, count * channels);
            var blockMean = mean.IsEmpty ? mean : mean.Slice(first, count);
            if (hasParts)
                AddStep(position / stepSamples, block, blockMean);
            else
                levels.Add(block, blockMean);
            first += count;
        }
    }

    private void AddStep(long step, ReadOnlySpan<float> block, ReadOnlySpan<float> mean)
    {
        var sums = new LevelSums(channels);
        sums.Add(block, mean);
        levels.Add(sums);
        var index = step - droppedSteps;
        if (index == steps.Count)
            steps.Add(sums);
        else if (index >= 0) // the rest of a step that was dropped is not needed either
            steps[(int)index].Add(sums);
    }

    private long ToSample(double seconds) => (long)Math.Round(Math.Clamp(seconds * sampleRateHz, 0, long.MaxValue / 2));
}
