using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Options;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Npz;
using AttnCrnn.Features.Shards;
using AttnCrnn.HuggingFace;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Cli;

/// <summary>Errors of the library that name options: by key in the library, as flags in the program.</summary>
public sealed class OptionMessageTests
{
    private static readonly EncoderDescription Described = new("tiny", "1", "2", 50, 16, 1);
    private static readonly EncoderDescription Unknown = new(EncoderDescription.Unknown, "", "", 0, 16, 1);

    public static TheoryData<string, Action, string> Errors =>
        new()
        {
            {
                "data_dirs: expected a feature folder",
                () => FeatureStore.Open([]),
                "--data_dirs: expected a feature folder"
            },
            {
                "shards 4: valid only with shard auto; shard 1/4 sets the number of shards",
                () => ClipPartition.Parse("1/4", 4, _ => null),
                "--shards 4: valid only with --shard auto; --shard 1/4 sets the number of shards"
            },
            {
                "out store: this is the store itself; choose another folder",
                () => NpzExport.Run("store", "store", TimeProvider.System),
                "--out store: this is the store itself; choose another folder"
            },
            {
                "folds 2: expected at least 3 (one for test, one for validation, the rest for training)",
                () => DatasetSplitter.CreateFolds([], 2, SplitMethod.Speaker, (_, _) => 0),
                "--folds 2: expected at least 3 (one for test, one for validation, the rest for training)"
            },
            {
                "layers 9: this network has the layers 0 to 4; give the lower bound first",
                () => LayerSelection.Parse("9", 4),
                "--layers 9: this network has the layers 0 to 4; give the lower bound first"
            },
            {
                "chunk 4: expected 8 to 120 seconds; 30 is usual",
                () => EncoderCatalog.Open(new() { Speech = new() { ChunkSeconds = 4 } }, _ => { }),
                "--chunk 4: expected 8 to 120 seconds; 30 is usual"
            },
            {
                "device cuda: log-mel is computed on the CPU; omit device",
                () => EncoderCatalog.Open(new("log-mel") { Speech = new() { UseCuda = true } }, _ => { }),
                "--device cuda: log-mel is computed on the CPU; omit --device"
            },
            {
                "revision '..': expected a branch, a tag, refs/pr/N or a commit of 40 hexadecimal digits",
                () => HubNames.ValidateRevision(".."),
                "--revision '..': expected a branch, a tag, refs/pr/N or a commit of 40 hexadecimal digits"
            },
            {
                $"layers 3: the model already has its encoder, {Described}; omit them",
                () => new ModelEncoder(Described, null, "3", threads: 1).Dispose(),
                $"--layers 3: the model already has its encoder, {Described}; omit them"
            },
            {
                "a.wav: the model has no encoder metadata (feature dimension 16); choose the encoder with encoder (and "
                    + "layers), or predict .npz files of frames",
                () =>
                {
                    using var encoder = new ModelEncoder(Unknown, null, null, threads: 1);
                    encoder.Get("a.wav");
                },
                "a.wav: the model has no encoder metadata (feature dimension 16); choose the encoder with --encoder "
                    + "(and --layers), or predict .npz files of frames"
            },
            {
                "2 of 8 clips are invalid, more than max_bad 0.05 allows; repair them, exclude them from the manifest, "
                    + "or increase max_bad",
                () => throw new TooManyInvalidClipsException(CreateReport(), 0.05),
                "2 of 8 clips are invalid, more than --max_bad 0.05 allows; repair them, exclude them from the "
                    + "manifest, or increase --max_bad"
            },
        };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void An_option_is_a_key_in_the_library_and_a_flag_in_the_program(string key, Action cause, string flag)
    {
        var error = Assert.ThrowsAny<InvalidInputException>(cause);
        Assert.Equal(key, error.Message);
        Assert.Equal(flag, error.Text.Format(OptionParser.FormatKey));
    }

    [Fact]
    public void The_error_of_an_archive_entry_keeps_the_options_of_its_remedy()
    {
        var remedy = OptionText.Create($"specify {OptionKeys.Labels}");
        var error = new InvalidFileException("a.keras:entry", 7, "x", "y", remedy);
        Assert.Equal("a.keras:entry at byte 7: found x, expected y; specify labels", error.Message);
        Assert.Equal("specify labels", error.Remedy);
        Assert.Equal(
            "entry: at byte 7: found x, expected y; specify --labels",
            error.TextWithout("a.keras").Format(OptionParser.FormatKey)
        );
    }

    [Fact]
    public void A_failed_training_has_options_as_well()
    {
        var error = new TrainingException(OptionText.Create($"became NaN: lower {OptionKeys.LearningRate}"));
        Assert.Equal("became NaN: lower learning_rate", error.Message);
        Assert.Equal("became NaN: lower --learning_rate", error.Text.Format(OptionParser.FormatKey));
    }

    [Fact]
    public void A_rejected_request_to_another_machine_has_options_as_well()
    {
        var error = Assert.Throws<InvalidRemoteRequestException>(() => RemoteFolder.Normalize("~u/x"));
        Assert.Equal("dir '~u/x': another user's home folder cannot be used", error.Message);
        Assert.Equal(
            "--dir '~u/x': another user's home folder cannot be used",
            error.Text.Format(OptionParser.FormatKey)
        );
    }

    [Fact]
    public void The_errors_of_recordings_name_flags_in_each_format()
    {
        var error = new InvalidInputException("a.wav", OptionText.Create($"use {OptionKeys.Window}"));
        var prediction = new RecordingPrediction(new("a.wav"), null, null, null, error);
        var json = JsonNode.Parse(new PredictionJson(["angry", "sad"]).Format(prediction)!)!;
        Assert.Equal("a.wav: use --window", (string?)json["error"]);
        Assert.EndsWith(",a.wav: use --window,", new PredictionCsv(["angry", "sad"]).Format(prediction));
    }

    private static ExtractionReport CreateReport() =>
        new(
            Requested: 8,
            Written: 6,
            AlreadyStored: 0,
            Errors: [new("a.wav", "too short"), new("b.wav", "too short")],
            Warnings: [],
            SecondsOfAudio: 1,
            Frames: 50,
            Elapsed: TimeSpan.Zero,
            EncoderTimeFraction: 0
        );
}
