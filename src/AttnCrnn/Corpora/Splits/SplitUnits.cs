namespace AttnCrnn.Corpora.Splits;

/// <summary>
/// Groups of clips that stay together in a split: if every labeled clip has a speaker, the speakers of a recording
/// session if there are enough of these groups, or single speakers if there are enough; otherwise single clips.
/// </summary>
/// <param name="Units">Indices of the clips of each unit; speakers and clips in ordinal order.</param>
/// <param name="Kind">Speaker, Clip or Random.</param>
/// <param name="Reason">Why the units are clips, although speakers were expected.</param>
internal sealed record SplitUnits(IReadOnlyList<int[]> Units, SplitKind Kind, ClipSplitReason? Reason)
{
    private const int FewDivisor = 20; // 5%

    /// <summary>Number of labeled clips.</summary>
    public required int Clips { get; init; }

    /// <summary>Number of speakers of labeled clips.</summary>
    public required int NamedSpeakers { get; init; }

    /// <summary>Number of labeled clips without a speaker.</summary>
    public required int ClipsWithoutSpeaker { get; init; }

    /// <summary>
    /// Number of sessions of several speakers that are units; 0 if the units are speakers or clips.
    /// </summary>
    public int Sessions { get; init; }

    /// <summary>Groups the labeled clips.</summary>
    /// <param name="random">Makes every clip a unit.</param>
    /// <param name="min">Minimum number of speakers, or of sessions.</param>
    /// <param name="bySession">Whether the speakers of a session are one unit.</param>
    /// <param name="leaveOutFew">
    /// Whether up to 5% of the clips are in no unit because they have no speaker, so that they do not prevent a split
    /// by speaker.
    /// </param>
    /// <exception cref="InvalidInputException">There are fewer labeled clips than <paramref name="min"/>.</exception>
    public static SplitUnits Create(
        IReadOnlyList<SplitClip> clips,
        bool random,
        int min,
        bool bySession = true,
        bool leaveOutFew = false
    )
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
        var leftOut =
            leaveOutFew && speakers.Length >= min && clipsWithoutSpeaker * FewDivisor <= labeled.Length
                ? clipsWithoutSpeaker
                : 0;
        ClipSplitReason? reason =
            random ? null
            : clipsWithoutSpeaker > leftOut ? ClipSplitReason.ClipsWithoutSpeaker
            : speakers.Length < min ? ClipSplitReason.TooFewSpeakers
            : null;
        var kind =
            random ? SplitKind.Random
            : reason is null ? SplitKind.Speaker
            : SplitKind.Clip;
        var units = new SplitUnits(
            kind == SplitKind.Speaker ? speakers : [.. labeled.Select(i => (int[])[i])],
            kind,
            reason
        )
        {
            Clips = labeled.Length,
            NamedSpeakers = speakers.Length,
            ClipsWithoutSpeaker = clipsWithoutSpeaker,
        };
        return bySession && kind == SplitKind.Speaker ? units.JoinSessions(clips, min) : units;
    }

    /// <summary>The facts of a split of these units.</summary>
    /// <param name="clips">All clips.</param>
    /// <param name="subsets">[clips], null for a clip that is excluded.</param>
    public SplitFacts CreateFacts(IReadOnlyList<SplitClip> clips, IReadOnlyList<Subset?> subsets) =>
        SplitFacts.Create(clips, subsets, Kind) with
        {
            Reason = Reason,
            Sessions = Sessions,
            LeftOutWithoutSpeaker = Kind == SplitKind.Speaker ? ClipsWithoutSpeaker : 0,
        };

    // A speaker of several sessions would join all of them: such sessions are no groups of speakers.
    private SplitUnits JoinSessions(IReadOnlyList<SplitClip> clips, int min)
    {
        var sessionsOfSpeaker = Units
            .Select(speaker => speaker.Select(clip => clips[clip].Session).Distinct().ToList())
            .ToList();
        var ofSeveralSessions = sessionsOfSpeaker
            .Where(sessions => sessions.Count > 1)
            .SelectMany(sessions => sessions)
            .ToHashSet();
        var groups = Units
            .Zip(sessionsOfSpeaker, (speaker, sessions) => (Speaker: speaker, Session: sessions[0]))
            .GroupBy(unit => ofSeveralSessions.Contains(unit.Session) ? null : unit.Session)
            .SelectMany(session =>
                session.Key is null
                    ? session.Select(unit => unit.Speaker)
                    :
                    [
                        [.. session.SelectMany(unit => unit.Speaker)],
                    ]
            )
            .ToList();
        return groups.Count == Units.Count || groups.Count < min
            ? this
            : this with
            {
                Units = groups,
                Sessions = CountJoined(groups),
            };

        int CountJoined(List<int[]> units) =>
            units.Count(unit => unit.Select(clip => clips[clip].Speaker).Distinct().Skip(1).Any());
    }
}
