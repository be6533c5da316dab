using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Groups;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Evaluation.Groups;

public sealed class GroupComparisonTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_gap_of_two_sexes_is_the_difference_of_their_UAR()
    {
        // Six women whose clips are all correct, six men with one of four correct.
        var comparison = Find(CreateSexes(), "sex");
        Assert.Equal(["female", "male"], comparison.Groups.Select(group => group.Name));
        Assert.Equal([1.0, 0.25], comparison.Groups.Select(group => group.Uar));
        Assert.Equal([24, 24], comparison.Groups.Select(group => group.Clips));
        Assert.Equal([6, 6], comparison.Groups.Select(group => group.Speakers));
        Assert.Equal(("male", "female"), (comparison.Worst!.Name, comparison.Best!.Name));
        Assert.Equal(0.75, comparison.Gap!.Value.Value, 1e-12);
        Assert.Equal(PredictionBuilder.Labels, comparison.Classes);
    }

    [Fact]
    public void The_gap_of_groups_of_different_speakers_has_an_interval_of_the_smaller_group()
    {
        var clips = PredictionBuilder.CreateRandom(3, speakers: 12, clipsEach: 10);
        var few = Find(Assign(clips, speaker => speaker < 3 ? "female" : "male"), "sex").Gap!.Value;
        var many = Find(Assign(clips, speaker => speaker % 2 == 0 ? "female" : "male"), "sex").Gap!.Value;
        Assert.InRange(few.Value, few.Interval!.Value.Low, few.Interval.Value.High);
        Assert.True(Width(few) > 1.5 * Width(many), $"{few} and {many}");

        static double Width(AttnCrnn.Evaluation.Statistics.PairedDifference gap) =>
            gap.Interval!.Value.High - gap.Interval.Value.Low;
    }

    // What makes a speaker hard is in both groups, and cancels out of the gap.
    [Fact]
    public void Groups_within_speakers_share_the_resamples()
    {
        ClipPrediction[] clips =
        [
            .. from speaker in Enumerable.Range(1, 5)
            from intensity in Enumerable.Range(1, 2)
            from clip in Enumerable.Range(0, 10)
            select PredictionBuilder.Clip(
                $"/{speaker}/{intensity}_{clip}.wav",
                $"s{speaker}",
                clip < 5 ? 0 : 1,
                PredictionBuilder.CreateConfident(clip % 5 < speaker - intensity + 1 ? (clip < 5 ? 0 : 1) : 2)
            ) with
            {
                Session = intensity == 1 ? "first" : "second",
            },
        ];
        var comparison = Find(clips, "session");
        Assert.Equal(0.2, comparison.Gap!.Value.Value, 1e-12);
        Assert.Equal(0.2, comparison.Gap.Value.Interval!.Value.Low, 1e-9);
        Assert.True(comparison.Groups[0].UarInterval!.Value.High - comparison.Groups[0].UarInterval!.Value.Low > 0.2);
        // Sessions of the user may be named after persons.
        Assert.Equal(["session 1", "session 2"], comparison.Groups.Select(group => group.Name));
        comparison = Find([.. clips.Select(clip => clip with { Speaker = $"iemocap_{clip.Speaker}" })], "session");
        Assert.Equal(["first", "second"], comparison.Groups.Select(group => group.Name));
    }

    [Fact]
    public void Groups_with_too_few_clips_or_speakers_are_named_and_not_compared()
    {
        var clips = Assign(PredictionBuilder.CreateRandom(1, speakers: 8, clipsEach: 24), speaker => speaker switch
            {
                < 3 => "female",
                < 6 => "male",
                6 => "other",
                _ => null,
            });
        var comparison = Find(clips, "sex");
        Assert.Equal(["female", "male"], comparison.Groups.Select(group => group.Name));
        Assert.Equal([new ExcludedGroup("other", 24, 1)], comparison.Excluded);
        Assert.Equal(24, comparison.ClipsWithoutValue);
        var text = GroupText.Describe(comparison);
        Assert.Contains(
            "left out (fewer than 20 clips or 2 speakers): other with 24 clips of 1 speaker",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("not known of 24 clips", text, StringComparison.Ordinal);
    }

    // RAVDESS has no strong neutral speech: recall over other classes would be compared.
    [Fact]
    public void UAR_is_the_mean_over_the_classes_that_all_groups_have()
    {
        ClipPrediction[] clips =
        [
            .. CreateSexes(speakersEach: 8).Where(clip => clip.Sex == "female" || clip.Truth != "sad"),
        ];
        var comparison = Find(clips, "sex");
        Assert.DoesNotContain("sad", comparison.Classes);
        Assert.Equal(3, comparison.Classes.Count);
        Assert.Equal(1 / 3.0, comparison.Worst!.Uar, 1e-12);
    }

    [Fact]
    public void File_names_of_known_corpora_tell_intensity_statement_and_corpus()
    {
        ClipPrediction[] ravdess =
        [
            .. from speaker in Enumerable.Range(1, 6)
            from intensity in Enumerable.Range(1, 2)
            from statement in Enumerable.Range(1, 2)
            from clip in Enumerable.Range(1, 4)
            select PredictionBuilder.Clip(
                $"/r/03-01-0{clip + 2}-0{intensity}-0{statement}-01-0{speaker}.wav",
                $"ravdess_0{speaker}",
                clip - 1,
                PredictionBuilder.CreateConfident(statement == 1 ? clip - 1 : 0)
            ),
        ];
        ClipPrediction[] crema =
        [
            .. from speaker in Enumerable.Range(1001, 6)
            from emotion in ((string[])["ANG", "HAP", "NEU", "SAD"]).Index()
            select PredictionBuilder.Clip(
                $"/c/{speaker}_IEO_{emotion.Item}_HI.wav",
                $"cremad_{speaker}",
                emotion.Index,
                PredictionBuilder.CreateConfident(emotion.Index)
            ),
        ];
        var result = PredictionBuilder.Result([.. ravdess, .. crema]);
        Assert.Equal(["intensity", "statement", "corpus"], result.Groups.Select(comparison => comparison.Attribute));
        Assert.Equal(
            [
                ["normal", "high", "strong"],
                ["Dogs are sitting by the door", "IEO", "Kids are talking by the door"],
                ["CREMA-D", "RAVDESS"],
            ],
            result.Groups.Select(comparison => comparison.Groups.Select(group => group.Name).ToArray())
        );
        Assert.Equal("Dogs are sitting by the door", result.Groups[1].Worst!.Name);
    }

    [Fact]
    public void Durations_are_compared_in_thirds_whose_bounds_are_named()
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder
                .CreateRandom(2, speakers: 6, clipsEach: 20)
                .Select((clip, i) => clip with { Seconds = 1 + (i % 20 / 10.0) }),
        ];
        var comparison = Find(clips, "duration");
        Assert.Equal(["short", "medium", "long"], comparison.Groups.Select(group => group.Name));
        Assert.Equal(120, comparison.Groups.Sum(group => group.Clips));
        Assert.Equal("thirds of the clips: short up to 1.60 s, medium up to 2.30 s, long above", comparison.Definition);
    }

    [Fact]
    public void The_groups_are_the_same_from_the_file_of_predictions()
    {
        ClipPrediction[] clips =
        [
            .. CreateSexes()
                .Select(
                    (clip, i) =>
                        clip with
                        {
                            Seconds = 2 + (i % 7 / 3.0),

                            Session = $"{i % 2}",
                        }
                ),
        ];
        var path = folder.PathOf("predictions.csv");
        PredictionsCsv.Write(path, PredictionBuilder.Labels, clips);
        var (_, read) = PredictionsCsv.Read(path);
        Assert.Equal(
            PredictionBuilder.Result(clips).Groups.Select(GroupText.Describe),
            PredictionBuilder.Result([.. read]).Groups.Select(GroupText.Describe)
        );
    }

    [Fact]
    public void Clips_of_one_group_have_no_comparison() =>
        Assert.Empty(PredictionBuilder.Result([.. CreateSexes().Select(clip => clip with { Sex = "female" })]).Groups);

    private static ClipPrediction[] CreateSexes(int speakersEach = 6) =>
        [
            .. Assign([.. PredictionBuilder.Clips(speakersEach, clipsEach: 4, rightOf: 4)], _ => "female"),
            .. Assign([.. PredictionBuilder.Clips(speakersEach, clipsEach: 4, rightOf: 1)], _ => "male")
                .Select(clip =>
                    clip with
                    {
                        Path = $"/men{clip.Path}",

                        Speaker = $"m{clip.Speaker}",
                    }
                ),
        ];

    private static ClipPrediction[] Assign(ClipPrediction[] clips, Func<int, string?> sexOfSpeaker) =>
        [
            .. clips.Select(clip =>
                clip with
                {
                    Sex = sexOfSpeaker(
                        int.Parse(clip.Speaker![1..], System.Globalization.CultureInfo.InvariantCulture)
                    ),
                }
            ),
        ];

    private static GroupComparison Find(ClipPrediction[] clips, string attribute) =>
        PredictionBuilder.Result(clips).Groups.Single(comparison => comparison.Attribute == attribute);
}
