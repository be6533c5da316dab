using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

public sealed class ProtocolTextTests
{
    private static readonly SplitFacts Speaker = PredictionBuilder.SpeakerSplit;

    [Fact]
    public void A_split_by_speaker_gives_its_sizes() =>
        Assert.Equal(
            "Speakers were assigned to train, validation and test sets (70/15/15). No speaker is in more than one "
                + "subset. Size: train 70 clips of 7 speakers, validation 15 clips of 2 speakers, test 15 clips of 1 "
                + "speaker.",
            ProtocolText.Describe(Speaker)
        );

    [Fact]
    public void Folds_give_their_number_and_approximate_sizes() =>
        Assert.Equal(
            "Speakers were assigned to 5 folds; each fold is tested by a model trained and validated on the others. No "
                + "speaker is in more than one subset. Approximate size per fold: train 70 clips of 7 speakers, "
                + "validation 15 clips of 2 speakers, test 15 clips of 1 speaker.",
            ProtocolText.Describe(Speaker with { Folds = 5 })
        );

    [Fact]
    public void Leaving_one_speaker_out_is_named() =>
        Assert.StartsWith(
            "Leave-one-speaker-out cross-validation with 4 folds: each speaker is tested by a model trained and "
                + "validated on the others. No speaker",
            ProtocolText.Describe(
                Speaker with
                {
                    Folds = 4,

                    LeavesOneSpeakerOut = true,
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_random_split_says_how_many_speakers_leak() =>
        Assert.StartsWith(
            "Clips were assigned at random, regardless of speakers. 6 speakers are in more than one "
                + "subset: the metrics overestimate performance (speaker leakage). Size:",
            ProtocolText.Describe(
                Speaker with
                {
                    Kind = SplitKind.Random,

                    SharedSpeakers = 6,
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_manifest_is_named() =>
        Assert.StartsWith(
            "The split is that of the manifest or of the corpus. No speaker",
            ProtocolText.Describe(Speaker with { Kind = SplitKind.Manifest }),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0, "Too few speakers are named (2, expected at least 3), so clips were assigned, not speakers.")]
    [InlineData(9, "Too few speakers are named (2, expected at least 9), so clips were assigned, not speakers.")]
    public void Too_few_speakers_are_the_reason_of_a_split_by_clip(int folds, string expected)
    {
        var split = Speaker with
        {
            Kind = SplitKind.Clip,
            Reason = ClipSplitReason.TooFewSpeakers,
            Folds = folds,
            NamedSpeakers = 2,
            SharedSpeakers = 2,
        };
        Assert.StartsWith(
            $"{expected} 2 speakers are in more than one subset",
            ProtocolText.Describe(split),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(7, 3, "7 of 100 clips have no speaker, so clips were assigned, not speakers.")]
    [InlineData(100, 0, "No clip has a speaker, so clips were assigned, not speakers.")]
    public void Clips_without_a_speaker_are_the_reason_of_a_split_by_clip(int unnamed, int named, string expected)
    {
        var split = Speaker with
        {
            Kind = SplitKind.Clip,
            Reason = ClipSplitReason.ClipsWithoutSpeaker,
            ClipsWithoutSpeaker = unnamed,
            NamedSpeakers = named,
        };
        Assert.StartsWith(
            $"{expected} Not every clip has a speaker: the metrics may overestimate performance (speaker leakage).",
            ProtocolText.Describe(split),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_warm_start_and_missing_folds_are_stated_after_the_split()
    {
        var split = Speaker with { Folds = 3 };
        var protocol = new EvaluationProtocol
        {
            Split = split,
            SpeakersDisjoint = true,
            WarmStart = "initial.keras",
            TrainedFolds = [1, 3],
        };
        Assert.Equal(
            $"{ProtocolText.Describe(split)} Training started from the weights of initial.keras: if that model was "
                + "trained on the test speakers, the metrics overestimate performance (speaker leakage). Only 2 of 3 "
                + "folds are trained so far.",
            ProtocolText.Describe(protocol)
        );
        Assert.DoesNotContain(
            "trained so far",
            ProtocolText.Describe(protocol with { TrainedFolds = [1, 2, 3] }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Clips_of_the_user_have_no_split() =>
        Assert.Equal(
            "The clips were given by the user. If the model was trained on their speakers, the metrics overestimate "
                + "performance (speaker leakage).",
            ProtocolText.Describe(new EvaluationProtocol { SpeakersDisjoint = false })
        );

    [Theory]
    [InlineData(SplitKind.Speaker, "speaker")]
    [InlineData(SplitKind.Clip, "clips")]
    [InlineData(SplitKind.Random, "random")]
    [InlineData(SplitKind.Manifest, "manifest")]
    [InlineData(SplitKind.SpeakerList, "speaker_list")]
    [InlineData(null, "given")]
    public void Metrics_json_has_the_method_and_the_sentences(SplitKind? kind, string method)
    {
        var protocol = new EvaluationProtocol
        {
            Split = kind is { } value ? Speaker with { Kind = value } : null,
            SpeakersDisjoint = true,
        };
        using var folder = new TempFolder();
        File.WriteAllText(
            folder.PathOf("metrics.json"),
            MetricsJson.Serialize(
                PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8), protocol)
            )
        );
        Assert.Equal(
            new SplitSummary(method, ProtocolText.Describe(protocol), SpeakersDisjoint: true),
            MetricsSummary.Read(folder.PathOf("metrics.json")).Split
        );
    }
}
