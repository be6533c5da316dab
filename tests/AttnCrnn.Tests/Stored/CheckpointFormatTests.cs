using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Averaging;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Tests.Stored;

/// <summary>Stored numbers, names and texts on which resuming a run depends; they never change.</summary>
public sealed class CheckpointFormatTests : IDisposable
{
    private static readonly CheckpointState State = new()
    {
        Epochs = 1,
        Step = 7,
        PartialEpoch = new(2, 1.25, 3, 64),
        LearningRate = 1e-3f,
        Stopping = new(double.NegativeInfinity, 0, 1),
        Plateau = new(double.PositiveInfinity, 2),
        Finished = false,
        StoppedEarly = true,
        Fingerprint = "f",
        History = [new(1, 0.5, 0.25, double.NaN, 0.125, 0.75, 1e-3f, 2)],
    };

    private const string StateText =
        """{"epochs":1,"step":7,"part":{"steps":2,"loss":1.25,"right":3,"seen":64},"learning_rate":0.001,"""
        + """ "stop_best":"-Infinity","stop_best_epoch":0,"stop_wait":1,"plateau_best":"Infinity","plateau_wait":2,"""
        + """ "finished":false,"stopped_early":true,"fingerprint":"f","history":[{"epoch":1,"loss":0.5,"""
        + """ "accuracy":0.25,"val_loss":"NaN","val_accuracy":0.125,"val_uar":0.75,"""
        + """ "learning_rate":0.0010000000474974513,"seconds":2}]}""";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void State_is_written_under_fixed_keys() =>
        Assert.True(EqualsJson(StateText, CheckpointJson.Serialize(State)));

    [Fact]
    public void State_round_trips()
    {
        var restored = Read(State);
        Assert.Equal(State with { History = [] }, restored with { History = [] });
        Assert.Equal(State.History, restored.History);
    }

    [Fact]
    public void Recalls_of_an_epoch_round_trip_and_are_null_in_older_checkpoints()
    {
        var epoch = State.History[0] with { ValRecalls = new([0.25, double.NaN]) };
        var written = State with { History = [epoch] };
        Assert.Contains("\"val_recalls\":[0.25,null]", CheckpointJson.Serialize(written), StringComparison.Ordinal);
        Assert.Equal(epoch, Read(written).History[0]);
        Assert.Null(Read(State).History[0].ValRecalls);
    }

    [Fact]
    public void Learning_rate_round_trips_bit_identically()
    {
        var rate = MathF.BitDecrement(0.00075f);
        var restored = Read(State with { LearningRate = rate });
        Assert.Equal(rate, restored.LearningRate);
    }

    [Fact]
    public void Parameters_have_fixed_names_in_a_fixed_order()
    {
        string[] lstm = ["kernel", "recurrent_kernel", "bias"];
        string[] expected =
        [
            "layer_mix/kernel",
            "conv1d/kernel",
            "conv1d/bias",
            "conv1d_1/kernel",
            "conv1d_1/bias",
            .. lstm.Select(name => "bidirectional/forward_lstm/lstm_cell/" + name),
            .. lstm.Select(name => "bidirectional/backward_lstm/lstm_cell/" + name),
            "attention/scale",
            "layer_normalization/gamma",
            "layer_normalization/beta",
            "dense/kernel",
            "dense/bias",
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "dense_1/kernel",
            "dense_1/bias",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance",
        ];
        var shapes = Parameters.ListShapes(new NetworkOptions(4, 3) { EncoderLayers = 2 });
        Assert.Equal(expected, shapes.Select(shape => shape.Name));
    }

    [Fact]
    public void A_checkpoint_contains_its_version_and_tensor_names()
    {
        using var parameters = CreateSmall();
        Checkpoint.Write(folder.Path, State, parameters);
        using var file = SafetensorsFile.Open(Assert.Single(Checkpoint.FindAll(folder.Path)));
        Assert.Equal("state-0000000007.safetensors", Path.GetFileName(file.Path));
        Assert.Equal("2", file.Metadata["attn_crnn_checkpoint_version"]);
        Assert.True(EqualsJson(StateText, file.Metadata["attn_crnn_state"]));
        string[] expected =
        [
            .. parameters.All.Select(parameter => "values/" + parameter.Name),
            .. parameters.All.Where(parameter => parameter.Trainable).Select(parameter => "moment/" + parameter.Name),
            .. parameters.All.Where(parameter => parameter.Trainable).Select(parameter => "velocity/" + parameter.Name),
        ];
        Assert.Equal(expected.Order(), file.Entries.Keys.Order());
    }

    [Fact]
    public void A_checkpoint_restores_every_parameter()
    {
        using var written = CreateSmall();
        Fill(written, 1);
        Checkpoint.Write(folder.Path, State, written);
        using var restored = CreateSmall();
        Assert.Equal(State.Step, Checkpoint.Read(folder.Path, restored)!.Step);
        foreach (var (expected, actual) in written.All.Zip(restored.All))
        {
            Assert.Equal(expected.Values.Span, actual.Values.Span);
            Assert.Equal(expected.FirstMoment.Span, actual.FirstMoment.Span);
            Assert.Equal(expected.SecondMoment.Span, actual.SecondMoment.Span);
        }
    }

    [Theory]
    [InlineData(WeightAveraging.None)]
    [InlineData(WeightAveraging.Ema, "average")]
    [InlineData(WeightAveraging.Last, "snapshot_0", "snapshot_1")]
    public void A_checkpoint_contains_and_restores_the_averages(WeightAveraging method, params string[] groups)
    {
        using var workers = new WorkerPool(1);
        using var written = CreateSmall();
        using var writtenAveraging = CreateAveraging(method, written, workers);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            Fill(written, (uint)epoch + 1);
            writtenAveraging.OnStep(epoch + 1);
            writtenAveraging.OnEpochEnd(epoch);
        }
        Checkpoint.Write(folder.Path, State with { Epochs = 2 }, written, writtenAveraging);
        var trainable = written.All.Where(parameter => parameter.Trainable).Select(parameter => parameter.Name);
        using (var file = SafetensorsFile.Open(Assert.Single(Checkpoint.FindAll(folder.Path))))
            Assert.Equal(
                groups.SelectMany(group => trainable.Select(name => $"{group}/{name}")).Order(),
                file.Entries.Keys.Where(name => name.Split('/')[0] is not ("values" or "moment" or "velocity")).Order()
            );

        using var restored = CreateSmall();
        using var restoredAveraging = CreateAveraging(method, restored, workers);
        Checkpoint.Read(folder.Path, restored, restoredAveraging);
        writtenAveraging.UseAverage(2);
        restoredAveraging.UseAverage(2);
        foreach (var (expected, actual) in written.All.Zip(restored.All))
            Assert.Equal(expected.Values.Span, actual.Values.Span);
    }

    [Theory]
    [InlineData(WeightAveraging.Ema, "average/conv1d/kernel with 0 values")]
    [InlineData(WeightAveraging.Last, "snapshot_0/conv1d/kernel with 0 values")]
    public void A_checkpoint_without_the_averages_of_its_run_is_rejected(WeightAveraging method, string found)
    {
        using var workers = new WorkerPool(1);
        using var parameters = CreateSmall();
        using var averaging = CreateAveraging(method, parameters, workers);
        Checkpoint.Write(folder.Path, State, parameters);
        var error = Assert.Throws<InvalidFileException>(() => Checkpoint.Read(folder.Path, parameters, averaging));
        Assert.Equal(found, error.Found);
    }

    [Fact]
    public void A_checkpoint_of_a_later_version_is_rejected()
    {
        using var parameters = CreateSmall();
        Checkpoint.Write(folder.Path, State, parameters);
        var path = Assert.Single(Checkpoint.FindAll(folder.Path));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("version\":\"2"u8) + "version\":\"".Length] = (byte)'3';
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<InvalidFileException>(() => Checkpoint.Read(folder.Path, parameters));
        Assert.Contains("version", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_streams_have_fixed_ids()
    {
        (RandomStreamId Stream, int Id)[] expected =
        [
            (RandomStreamId.Initialization, 0),
            (RandomStreamId.Split, 1),
            (RandomStreamId.Shuffle, 2),
            (RandomStreamId.MixUp, 3),
            (RandomStreamId.MixUpPartner, 4),
            (RandomStreamId.Noise, 5),
            (RandomStreamId.InputDropout, 6),
            (RandomStreamId.RecurrentDropout, 7),
            (RandomStreamId.Dropout, 8),
            (RandomStreamId.HeadDropout, 9),
            (RandomStreamId.TimeMask, 10),
            (RandomStreamId.FrequencyMask, 11),
            (RandomStreamId.Tempo, 12),
            (RandomStreamId.Bootstrap, 13),
            (RandomStreamId.Demo, 14),
            (RandomStreamId.BandShift, 15),
            (RandomStreamId.Gain, 16),
            (RandomStreamId.TrainingSample, 17),
        ];
        Assert.Equal(expected, Enum.GetValues<RandomStreamId>().Select(stream => (stream, (int)stream)));
    }

    [Theory]
    [InlineData("log-mel", "1", "", 100, 80, 1, "log-mel (revision 1, 80 wide, 100 frames/s)")]
    [InlineData("npz", "", "", 0, 8, 1, "npz (8 wide, no known rate)")]
    [InlineData(
        "a/b",
        "c-1",
        "all",
        49.95,
        16,
        12,
        "a/b (revision c-1, layers all, 16 wide x 12 layers, 49.95 frames/s)"
    )]
    [InlineData(
        "whisper-tiny.en",
        "c-1-clip",
        "2",
        50,
        384,
        1,
        "whisper-tiny.en (revision c-1-clip, layers 2, 384 wide, 50 frames/s, context: the clip's own length)"
    )]
    [InlineData(
        "whisper-tiny.en",
        "c-1-padded",
        "2",
        50,
        384,
        1,
        "whisper-tiny.en (revision c-1-padded, layers 2, 384 wide, 50 frames/s, context: padded to the model's window)"
    )]
    public void The_text_that_clip_keys_are_hashed_from_is_unchanged(
        string name,
        string revision,
        string layers,
        double rate,
        int width,
        int layerCount,
        string text
    ) => Assert.Equal(text, new EncoderDescription(name, revision, layers, rate, width, layerCount).StoredText());

    private static Parameters CreateSmall() =>
        new(
            new NetworkOptions(3, 2)
            {
                Conv1Filters = 2,
                Conv2Filters = 3,
                LstmUnits = 2,
                DenseUnits = 5,
            },
            training: true
        );

    private static IWeightAveraging CreateAveraging(
        WeightAveraging method,
        Parameters parameters,
        WorkerPool workers
    ) => AveragingMethods.Create(new() { Averaging = method }, parameters, workers);

    private static void Fill(Parameters parameters, uint seed)
    {
        new RandomStream(seed).ForStream(RandomStreamId.Demo).FillNormal(parameters.Values.Span);
        new RandomStream(seed + 1).ForStream(RandomStreamId.Demo).FillNormal(parameters.FirstMoment.Span);
        new RandomStream(seed + 2).ForStream(RandomStreamId.Demo).FillNormal(parameters.SecondMoment.Span);
    }

    private static CheckpointState Read(CheckpointState state) =>
        CheckpointJson.Read(
            new JsonSource("x", "a state", "remove it"),
            CheckpointJson.Serialize(state),
            CheckpointState.CurrentVersion
        );

    private static bool EqualsJson(string expected, string actual) =>
        expected.Replace(" ", "", StringComparison.Ordinal) == actual && JsonNode.Parse(actual) is JsonObject;
}
