namespace AttnCrnn.Corpora.Splits;

/// <summary>
/// Groups of clips that stay together in a split: speakers if every labeled clip has one and there are enough,
/// otherwise single clips.
/// </summary>
/// <param name="Units">Indices of the clips of each unit; speakers and clips in ordinal order.</param>
/// <param name="Kind">Speaker, Clip or Random.</param>
/// <param name="Reason">Why the units are clips, although speakers were expected.</param>
internal sealed record SplitUnits(IReadOnlyList<int[]> Units, SplitKind Kind, ClipSplitReason? Reason)
{
    /// <summary>Number of labeled clips.</summary>
    public required int Clips { get; init; }

    /// <summary>Number of speakers of labeled clips.</summary>
    public required int NamedSpeakers { get; init; }

    /// <summary>Number of labeled clips without a speaker.</summary>
    public required int ClipsWithoutSpeaker { get; init; }

    /// <summary>Groups the labeled clips.</summary>
    /// <param name="random">Makes every clip a unit.</param>
    /// <param name="min">Minimum number of speakers.</param>
    /// <exception cref="InvalidInputException">There are fewer labeled clips than <paramref name="min"/>.</exception>
    public static SplitUnits Create(IReadOnlyList<SplitClip> clips, bool random, int min)
    {
        int[] labeled =
        [
            .. Enumerable
                .Range(0, clips.Count)
                .Where(i => clips[i].Label is not null)
                .OrderBy(i => clips[i].Key, StringComparer.Ordinal),
        ];
        if (labeled.Length < min)
            throw new InvalidInputException($"{labeled.Length} labeled clips cannot be assigned to {min} subsets");
        int[][] speakers =
        [
            .. labeled
                .Where(i => clips[i].Speaker is not null)
                .GroupBy(i => clips[i].Speaker)
                .OrderBy(speaker => speaker.Key, StringComparer.Ordinal)
                .Select(speaker => speaker.ToArray()),
        ];
        var clipsWithoutSpeaker = labeled.Length - speakers.Sum(speaker => speaker.Length);
        ClipSplitReason? reason =
            random ? null
            : clipsWithoutSpeaker > 0 ? ClipSplitReason.ClipsWithoutSpeaker
            : speakers.Length < min ? ClipSplitReason.TooFewSpeakers
            : null;
        var kind =
            random ? SplitKind.Random
            : reason is null ? SplitKind.Speaker
            : SplitKind.Clip;
        return new(kind == SplitKind.Speaker ? speakers : [.. labeled.Select(i => (int[])[i])], kind, reason)
        {
            Clips = labeled.Length,
            NamedSpeakers = speakers.Length,
            ClipsWithoutSpeaker = clipsWithoutSpeaker,
        };
    }
}
