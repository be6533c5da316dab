using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Short trainings of networks of their usual size, on frames that are computed here.</summary>
internal static class TrainingDigest
{
    private const int Clips = 12;

    private static readonly string[] Labels = ["angry", "neutral", "sad"];

    private static readonly EncoderDescription LogMel = new("log-mel", "1", "", 100, 80, 1);

    private static readonly EncoderDescription Speech = new("tiny/768-wide", "1-1", "4-8", 50, 768, 1);

    private static readonly TrainingOptions ShortTraining = new()
    {
        Epochs = 1,
        BatchSize = 2,
        Copies = 1,
        Seed = 3,
        Threads = 2,
    };

    /// <summary>v2 with all the augmentation that log-mel has by default.</summary>
    public static string ComputeLogMel() => Compute(LogMel, ShortTraining);

    /// <summary>v2 with what is default for speech models: MixUp, noise, and dropout in the LSTM.</summary>
    public static string ComputeSpeech() => Compute(Speech, ShortTraining);

    /// <summary>v1 with its own recipe.</summary>
    public static string ComputeV1() => Compute(LogMel, ShortTraining.WithV1Recipe());

    // SHA-256 of the weights and of both of Adam's moments after the last step.
    private static string Compute(EncoderDescription encoder, TrainingOptions options)
    {
        using var folder = new TempFolder();
        var storeFolder = folder.PathOf("store");
        FeatureStoreBuilder.Write(
            storeFolder,
            encoder,
            Enumerable.Range(0, Clips).Select(clip => MakeClip(encoder, clip))
        );
        using var store = FeatureStore.Open([storeFolder]);
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        new Experiment(store, new() { Training = options }).Train(
            null,
            new(run, [], "test", TimeProvider.System),
            null,
            CancellationToken.None
        );
        return GoldenCheckpoint.Hash(Trainer.ListCheckpoints(run.Checkpoints)[0], "values", "moment", "velocity");
    }

    private static StoreClip MakeClip(EncoderDescription encoder, int clip)
    {
        var label = clip % Labels.Length;
        var frames = 12 + (clip * 5 % 9);
        var values = new float[frames * encoder.FrameWidth];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Value(clip, index);
            if (index % encoder.FrameWidth % Labels.Length == label)
                values[index] += 0.5f;
        }
        return new($"/clips/{clip:00}.wav", Labels[label], $"speaker {clip / 3}", values);
    }

    // Whole multiples of 1/256 between -1 and 1, which float16 keeps: nothing of the library's own takes part.
    private static float Value(int clip, int index)
    {
        var mixed = (((uint)clip << 20) + (uint)index + 1) * 0x9E3779B1u;
        mixed = (mixed ^ (mixed >> 15)) * 0x85EBCA77u;
        return ((int)((mixed ^ (mixed >> 13)) & 511) - 256) / 256f;
    }
}
