namespace AttnCrnn.Corpora;

/// <summary>Labels and speakers of clips of any source.</summary>
internal static class ClipNames
{
    /// <summary>
    /// The clips with one spelling for each label and speaker, and without those that are NaN, NA, None or unknown.
    /// </summary>
    /// <param name="notices">Gets what was changed, with numbers.</param>
    public static IReadOnlyList<Clip> Unify(IReadOnlyList<Clip> clips, List<string> notices)
    {
        var labels = new NameSpellings(clips.Select(clip => clip.Label).OfType<string>(), MissingValue.Matches);
        var speakers = new NameSpellings(
            clips.Select(clip => clip.Speaker).OfType<string>(),
            MissingValue.MatchesSpeaker
        );
        notices.AddRange(labels.Notices("label"));
        notices.AddRange(speakers.Notices("speaker"));
        return
        [
            .. clips.Select(clip =>
                clip with
                {
                    Label = clip.Label is null ? null : labels.Find(clip.Label),
                    Speaker = clip.Speaker is null ? null : speakers.Find(clip.Speaker),
                    Votes = Unify(clip.Votes, labels),
                }
            ),
        ];
    }

    private static LabelVotes? Unify(LabelVotes? votes, NameSpellings labels) =>
        votes is null
            ? null
            : new(votes.Votes.Select(vote => new LabelVote(labels.Find(vote.Label) ?? vote.Label, vote.Count)));
}
