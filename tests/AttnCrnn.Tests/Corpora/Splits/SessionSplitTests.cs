using AttnCrnn.Corpora.Splits;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Corpora.Splits;

/// <summary>Splits of corpora of sessions, in each of which two speakers answer each other.</summary>
public sealed class SessionSplitTests
{
    private static readonly Func<uint, ulong, uint> Draws = new RandomStream(1).SampleBelow;

    [Fact]
    public void As_many_folds_as_sessions_test_one_session_each()
    {
        var clips = CreateClips(sessions: 5);
        var folds = DatasetSplitter.CreateFolds(clips, 5, SplitMethod.Default, Draws);
        Assert.All(folds, fold =>
            Assert.Single(fold.GetIndices(Subset.Test).Select(clip => clips[clip].Session).Distinct())
        );
        Assert.Equal(Enumerable.Range(0, clips.Length), folds.SelectMany(fold => fold.GetIndices(Subset.Test)).Order());
        var facts = folds[0].Facts;
        Assert.Equal((5, 0, 10), (facts.Sessions, facts.SharedSessions, facts.NamedSpeakers));
        Assert.StartsWith(
            "Speakers were assigned to 5 folds, those of a session together (5 sessions);",
            ProtocolText.Describe(facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_split_keeps_the_speakers_of_a_session_together()
    {
        var facts = DatasetSplitter.CreateTrainValidationTest(CreateClips(5), SplitMethod.Default, Draws).Facts;
        Assert.Equal((5, 0), (facts.Sessions, facts.SharedSessions));
        Assert.Contains(
            "those of a session together (5 sessions)",
            ProtocolText.Describe(facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void More_folds_than_sessions_assign_speakers_and_name_the_sessions_in_several_subsets()
    {
        foreach (var folds in (FoldCount[])[10, FoldCount.Speakers])
        {
            var facts = DatasetSplitter.CreateFolds(CreateClips(5), folds, SplitMethod.Default, Draws)[0].Facts;
            Assert.Equal((0, 10), (facts.Sessions, facts.Folds));
            Assert.True(facts.SharedSessions > 0);
            Assert.Matches(
                "No speaker is in more than one subset. [0-9]+ sessions? (is|are) in more than one subset: the "
                    + "speakers of",
                ProtocolText.Describe(facts)
            );
        }
    }

    [Fact]
    public void Sessions_in_which_a_speaker_of_another_session_speaks_are_no_groups()
    {
        SplitClip[] clips = [.. CreateClips(5).Select((clip, i) => clip with { Session = $"{i % 3}" })];
        var facts = DatasetSplitter.CreateFolds(clips, 5, SplitMethod.Default, Draws)[0].Facts;
        Assert.Equal((SplitKind.Speaker, 0), (facts.Kind, facts.Sessions));
    }

    [Fact]
    public void Speakers_without_a_session_are_assigned_one_by_one()
    {
        SplitClip[] clips =
        [
            .. CreateClips(3),
            .. CreateClips(3).Select(clip => new SplitClip($"b{clip.Key}", clip.Label, $"b{clip.Speaker}")),
        ];
        var folds = DatasetSplitter.CreateFolds(clips, 9, SplitMethod.Default, Draws);
        Assert.Equal((3, 9), (folds[0].Facts.Sessions, folds.Count));
    }

    // Two speakers per session, six clips of two labels each.
    private static SplitClip[] CreateClips(int sessions) =>
        [
            .. from session in Enumerable.Range(1, sessions)
            from speaker in (string[])["F", "M"]
            from clip in Enumerable.Range(0, 6)
            select new SplitClip($"{session}{speaker}{clip}", clip % 2 == 0 ? "angry" : "sad", $"{session}{speaker}")
            {
                Session = $"Ses0{session}",
            },
        ];
}
