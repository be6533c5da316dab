namespace AttnCrnn.Corpora;

/// <summary>
/// Labels and speakers of clips of any source: one spelling for each, and none for those that are NaN, NA, None or
/// unknown.
/// </summary>
internal sealed class ClipNames
{
    private readonly NameSpellings labels;
    private readonly NameSpellings speakers;

    /// <param name="labels">Of all clips; null for none.</param>
    /// <param name="speakers">Likewise.</param>
    public ClipNames(IEnumerable<string?> labels, IEnumerable<string?> speakers)
    {
        string[] allLabels = [.. labels.OfType<string>()];
        string[] allSpeakers = [.. speakers.OfType<string>()];
        this.labels = new(allLabels, MissingValue.MatchesName);
        this.speakers = new(allSpeakers.Select(SpeakerNumbers.Read), MissingValue.MatchesName);
        Notices =
        [
            .. this.labels.Notices("label"),
            .. LabelSynonyms.Notices(allLabels.Select(this.labels.Find).OfType<string>()),
            .. this.speakers.Notices("speaker"),
            .. SpeakerNumbers.Notices(allSpeakers),
        ];
    }

    /// <summary>What is changed, with numbers; empty if all names stay as they are, but for their form.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The clips with the names to use.</summary>
    /// <param name="notices">Gets <see cref="Notices"/>.</param>
    public static IReadOnlyList<Clip> Unify(IReadOnlyList<Clip> clips, List<string> notices)
    {
        var names = new ClipNames(clips.Select(clip => clip.Label), clips.Select(clip => clip.Speaker));
        notices.AddRange(names.Notices);
        return
        [
            .. clips.Select(clip =>
                clip with
                {
                    Label = names.FindLabel(clip.Label),
                    Speaker = names.FindSpeaker(clip.Speaker),
                    Votes = names.FindVotes(clip.Votes),
                }
            ),
        ];
    }

    /// <summary>The label to use for one of the labels.</summary>
    public string? FindLabel(string? label) => label is null ? null : labels.Find(label);

    /// <summary>The speaker to use for one of the speakers.</summary>
    public string? FindSpeaker(string? speaker) => speaker is null ? null : speakers.Find(SpeakerNumbers.Read(speaker));

    /// <summary>The votes with the labels to use.</summary>
    public LabelVotes? FindVotes(LabelVotes? votes) =>
        votes is null
            ? null
            : new(votes.Votes.Select(vote => new LabelVote(labels.Find(vote.Label) ?? vote.Label, vote.Count)));
}
