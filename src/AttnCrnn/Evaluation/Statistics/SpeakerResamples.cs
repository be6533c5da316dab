namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Resamples of speakers with replacement: clips of one speaker are correlated, so that resampling clips would
/// underestimate the uncertainty. A clip without a speaker is a unit of its own.
/// </summary>
internal sealed class SpeakerResamples
{
    private readonly int resamples;

    /// <param name="predictions">One per clip, in any order.</param>
    /// <param name="resamples">Number of resamples, at least 1.</param>
    public SpeakerResamples(IReadOnlyList<ClipPrediction> predictions, int resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        this.resamples = resamples;
        var units = GroupIntoUnits(predictions);
        Units = units.Length;
        ClipsWithoutSpeaker = predictions.Count(clip => clip.Speaker is null);
        Unit = ClipsWithoutSpeaker < predictions.Count ? ResamplingUnit.Speaker : ResamplingUnit.Clip;
        UnitOfClip = new int[predictions.Count];
        for (var unit = 0; unit < units.Length; unit++)
            foreach (var clip in units[unit])
                UnitOfClip[clip] = unit;
    }

    /// <summary>Speakers, or clips if no speaker is known.</summary>
    public ResamplingUnit Unit { get; }

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>Units that are single clips, because their speaker is unknown.</summary>
    public int ClipsWithoutSpeaker { get; }

    /// <summary>
    /// Number of resamples; 0 if there are fewer than two units, whose variation cannot be estimated.
    /// </summary>
    public int Count => Units < 2 ? 0 : resamples;

    /// <summary>[clips], the unit of each.</summary>
    public int[] UnitOfClip { get; }

    /// <summary>Computes a value in every resample, in parallel.</summary>
    /// <param name="randomBelow">
    /// Random numbers: a uniform integer below the first argument, at the position resample * units + unit given by the
    /// second.
    /// </param>
    /// <param name="compute">
    /// Gets the number of the resample and, for each unit, how often it was drawn; the array is reused.
    /// Called from several threads.
    /// </param>
    public void ForEach(Func<uint, ulong, uint> randomBelow, Action<int, int[]> compute)
    {
        Parallel.For(
            0,
            Count,
            () => new int[Units],
            (resample, _, counts) =>
            {
                Draw(resample, randomBelow, counts);
                compute(resample, counts);
                return counts;
            },
            _ => { }
        );
    }

    private void Draw(int resample, Func<uint, ulong, uint> randomBelow, int[] counts)
    {
        Array.Clear(counts);
        for (var j = 0; j < Units; j++)
            counts[randomBelow((uint)Units, ((ulong)resample * (ulong)Units) + (ulong)j)]++;
    }

    // Sorted, so that the order of the clips does not affect the intervals.
    private static int[][] GroupIntoUnits(IReadOnlyList<ClipPrediction> predictions) =>
        [
            .. Enumerable
                .Range(0, predictions.Count)
                .OrderBy(i => predictions[i].Speaker, StringComparer.Ordinal)
                .ThenBy(i => predictions[i].Path, StringComparer.Ordinal)
                .ThenBy(i => predictions[i].StartSeconds)
                .ThenBy(i => predictions[i].EndSeconds)
                .GroupBy(i =>
                    predictions[i].Speaker is { } speaker ? (speaker, (ClipKey?)null) : (null, predictions[i].Key)
                )
                .Select(unit => unit.ToArray()),
        ];
}
