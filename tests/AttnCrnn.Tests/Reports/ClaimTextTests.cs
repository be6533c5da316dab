using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

/// <summary>The sentence of a report says of speakers only what the protocol ensures.</summary>
public sealed class ClaimTextTests
{
    private static readonly ClipPrediction[] Clips = PredictionBuilder.CreateRandom(1, speakers: 12, clipsEach: 8);

    private static readonly string Start = DescribeStart(PredictionBuilder.Result(Clips));

    [Fact]
    public void A_speaker_split_evaluates_unseen_speakers()
    {
        var claim = Describe(Clips, PredictionBuilder.BySpeaker);
        Assert.Equal($"{Start} on 96 clips of 12 unseen speakers; 4 classes; speaker-independent split.", claim);
        Assert.Matches(@"^UAR 0\.\d{3} \(95% CI 0\.\d{3} to 0\.\d{3}\) ", claim);
    }

    [Theory]
    [InlineData(SplitKind.Clip, "split by clip, not speaker-independent")]
    [InlineData(SplitKind.Random, "random split by clip, not speaker-independent")]
    [InlineData(SplitKind.Manifest, "split of the manifest or corpus, not speaker-independent")]
    public void A_split_with_shared_speakers_does_not(SplitKind kind, string protocol)
    {
        var split = PredictionBuilder.SpeakerSplit with
        {
            Kind = kind,

            SharedSpeakers = 3,
        };
        Assert.Equal(
            $"{Start} on 96 clips of 12 speakers, who may be in the training set too; 4 classes; {protocol}.",
            Describe(
                Clips,
                new()
                {
                    Split = split,

                    SpeakersDisjoint = false,
                }
            )
        );
    }

    [Fact]
    public void A_manifest_whose_speakers_are_disjoint_is_speaker_independent() =>
        Assert.EndsWith(
            "of 12 unseen speakers; 4 classes; speaker-independent split of the manifest or corpus.",
            Describe(
                Clips,
                new()
                {
                    Split = PredictionBuilder.SpeakerSplit with { Kind = SplitKind.Manifest },
                    SpeakersDisjoint = true,
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Speakers_of_folds_were_unseen_by_the_model_of_their_fold()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 12, clipsEach: 8, folds: 4);
        var protocol = new EvaluationProtocol
        {
            Split = PredictionBuilder.SpeakerSplit with { Folds = 5 },
            SpeakersDisjoint = true,
            TrainedFolds = [1, 2, 3, 4],
        };
        Assert.EndsWith(
            "of 12 speakers, each evaluated by a model that was not trained on clips of that speaker; 4 classes; "
                + "speaker-independent 5-fold cross-validation (4 of 5 folds trained).",
            Describe(clips, protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Clips_of_the_user_may_be_of_trained_speakers() =>
        Assert.EndsWith(
            "of 12 speakers, on whom the model may have been trained; 4 classes; clips selected by the user.",
            Describe(Clips, new() { SpeakersDisjoint = false }),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("EMO-DB", "cross-corpus, trained on RAVDESS and evaluated on EMO-DB.")]
    [InlineData("RAVDESS", "clips selected by the user.")]
    [InlineData(null, "clips selected by the user.")]
    public void Clips_of_another_corpus_are_a_cross_corpus_evaluation(string? corpus, string protocol)
    {
        var overlap = new TrainingOverlap
        {
            Models = 1,
            AllHaveSpeakers = true,
            TrainingCorpora = ["RAVDESS"],
            EvaluatedCorpora = corpus is null ? [] : [corpus],
        };
        var given = new EvaluationProtocol
        {
            SpeakersDisjoint = true,

            Overlap = overlap,
        };
        Assert.EndsWith(
            $"of 12 speakers, none of whom, by name, the model was trained on; 4 classes; {protocol}",
            Describe(Clips, given),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "on whom the model may have been trained; 4 classes; clips selected by the user.",
            Describe(Clips, given with { Overlap = overlap with { SharedSpeakers = 1 } }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_initial_model_of_other_clips_and_speakers_leaves_the_claim()
    {
        var protocol = PredictionBuilder.BySpeaker with
        {
            WarmStart = "other.keras",
            InitialOverlap = new()
            {
                Models = 1,
                AllHaveSpeakers = true,
                NearCopies = 0,
            },
        };
        Assert.Equal(Describe(Clips, PredictionBuilder.BySpeaker), Describe(Clips, protocol));
        // Copies were not looked for.
        protocol = protocol with { InitialOverlap = protocol.InitialOverlap with { NearCopies = null } };
        Assert.Contains("may have been trained", Describe(Clips, protocol), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_has_not_ended_is_named() =>
        Assert.EndsWith(
            "speaker-independent split, training not finished.",
            Describe(Clips, PredictionBuilder.BySpeaker with { UnfinishedTrainings = 1 }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Initial_weights_may_be_of_a_model_that_was_trained_on_the_speakers() =>
        Assert.EndsWith(
            "of 12 speakers, on whom the initial model may have been trained; 4 classes; split by speaker, with the "
                + "initial weights of another model.",
            Describe(Clips, PredictionBuilder.BySpeaker with { WarmStart = "other.keras" }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Unknown_speakers_and_synthetic_clips_are_named()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 12, clipsEach: 8, withSpeakers: false);
        Assert.Contains(
            " on 96 synthetic clips of unknown speakers; ",
            Describe(
                clips,
                new()
                {
                    SpeakersDisjoint = false,

                    Synthetic = true,
                }
            ),
            StringComparison.Ordinal
        );
    }

    private static string Describe(ClipPrediction[] clips, EvaluationProtocol protocol) =>
        ClaimText.Describe(PredictionBuilder.Result(clips, protocol));

    private static string DescribeStart(EvaluationResult result)
    {
        var interval = result.ConfidenceIntervals.Uar!.Value;
        return FormattableString.Invariant(
            $"UAR {result.Metrics.Uar:0.000} (95% CI {interval.Low:0.000} to {interval.High:0.000})"
        );
    }
}
