using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Prediction;

/// <summary>Calls of one predictor at the same time.</summary>
public sealed class ConcurrentPredictionTests : IDisposable
{
    private const int Callers = 8;
    private const int CallsPerCaller = 10;

    private static readonly NetworkOptions Options = new(6, 3)
    {
        Conv1Filters = 8,
        Conv2Filters = 8,
        LstmUnits = 4,
        DenseUnits = 8,
    };

    private readonly TempFolder folder = new();
    private readonly string[] paths;

    public ConcurrentPredictionTests() =>
        paths = [
            .. Enumerable
                .Range(1, 2)
                .Select(seed =>
                {
                    var model = RandomModelBuilder.Create(Options, seed);
                    var path = folder.PathOf($"{seed}.keras");
                    ModelFileWriter.Write(path, model.Model, model.Tensors);
                    return path;
                }),
        ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)] // calls wait for each other
    [InlineData(3, 2)]
    [InlineData(8, 1)]
    public void Eight_callers_get_the_bits_of_a_single_one(int concurrency, int threads)
    {
        FrameMatrix[][] calls =
        [
            .. Enumerable
                .Range(0, Callers * CallsPerCaller)
                .Select(call =>
                    (FrameMatrix[])
                        [
                            // Lengths of all sizes, so that networks grow while others are in use.
                            RandomModelBuilder.Frames(Options, 4 + (call * 37 % 500), (uint)call),
                            RandomModelBuilder.Frames(Options, 4 + (call * 11 % 90), (uint)call + 1000),
                        ]
                ),
        ];
        double[][][] expected;
        using (var single = Ensemble.Load(paths, threads: 1))
            expected = [.. calls.Select(clips => single.Predict(clips).ToArray())];

        using var model = Ensemble.Load(paths, threads, concurrency: concurrency);
        var actual = new double[calls.Length][][];
        using var start = new Barrier(Callers);
        Thread[] callers =
        [
            .. Enumerable
                .Range(0, Callers)
                .Select(caller => new Thread(() =>
                {
                    start.SignalAndWait();
                    for (var call = caller; call < calls.Length; call += Callers)
                        actual[call] = [.. model.Predict(calls[call])];
                })),
        ];
        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_failed_call_leaves_its_place_to_the_next()
    {
        using var model = Predictor.Load(paths[0], threads: 1);
        var tooShort = RandomModelBuilder.Frames(Options, 2, 1);
        for (var call = 0; call < 3; call++)
            Assert.Throws<InvalidInputException>(() => model.Predict([tooShort]));
        Assert.Single(model.Predict([RandomModelBuilder.Frames(Options, 20, 1)]));
    }

    [Fact]
    public void At_least_one_call_is_needed() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Predictor.Load(paths[0], threads: 1, concurrency: 0));
}
