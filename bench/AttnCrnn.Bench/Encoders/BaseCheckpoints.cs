using System.Diagnostics;
using AttnCrnn.Testing.Encoders.References;
using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Checkpoints of base size (12 layers of 768 features) of every family with seeded random weights: the computation of
/// real ones, without a download.
/// </summary>
internal static class BaseCheckpoints
{
    /// <summary>The command that writes one.</summary>
    public const string Command = "checkpoint";

    private const int Width = 768;
    private const int Heads = 12;
    private const int Layers = 12;
    private const int FeedForward = 4 * Width;

    /// <summary>wav2vec 2.0, HuBERT, UniSpeech and UniSpeech-SAT, whose networks are the same.</summary>
    public static WaveformShape Wav2Vec2 { get; } = Enlarge(new Wav2Vec2Shape());

    /// <summary>The shapes by family.</summary>
    public static IReadOnlyDictionary<string, ICheckpointShape> All { get; } =
        new Dictionary<string, ICheckpointShape>
        {
            ["wav2vec2"] = Wav2Vec2,
            ["data2vec-audio"] = Enlarge(
                new Data2VecAudioShape
                {
                    PositionLayers = 5,

                    PositionTaps = 19,
                }
            ),
            ["wav2vec2-conformer-relative"] = Enlarge(new ConformerShape { DepthwiseTaps = 31 }),
            ["wav2vec2-conformer-rotary"] = Enlarge(
                new ConformerShape
                {
                    DepthwiseTaps = 31,

                    IsRotary = true,
                }
            ),
            ["sew"] = Enlarge(new SewShape()) with
            {
                Channels = [64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512],
                Kernels = [10, 3, 1, 3, 1, 3, 1, 3, 1, 2, 1, 2, 1],
                Strides = [5, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1],
            },
            ["wav2vec2-bert"] = new Wav2Vec2BertShape
            {
                Width = Width,
                Heads = Heads,
                Layers = Layers,
                FeedForward = FeedForward,
                DepthwiseTaps = 31,
                LeftPositions = 64,
                RightPositions = 8,
            },
            ["emotion2vec"] = new Emotion2VecShape
            {
                Width = Width,
                Heads = Heads,
                PrenetLayers = 4,
                Layers = 8,
                MlpRatio = 4,
                Specification = "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]",
                PositionGroups = 16,
            },
        };

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="family">A key of <see cref="All"/>.</param>
    /// <param name="folder">Created if missing.</param>
    public static void Write(string family, string folder)
    {
        Directory.CreateDirectory(folder);
        using var checkpoint = new RandomCheckpoint(All[family]);
        foreach (var file in Directory.GetFiles(checkpoint.Path))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    /// <summary>Writes one in a child process, so that this process' memory is that of the measurement.</summary>
    public static void WriteInProcess(string family, string folder)
    {
        using var process = Process.Start(Environment.ProcessPath!, [Command, "--family", family, "--out", folder]);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"writing a checkpoint of {family} ended with {process.ExitCode}");
    }

    private static WaveformShape Enlarge(WaveformShape shape) =>
        shape with
        {
            Width = Width,
            Heads = Heads,
            Layers = Layers,
            FeedForward = FeedForward,
            Channels = [512, 512, 512, 512, 512, 512, 512],
            PositionTaps = shape is Data2VecAudioShape ? shape.PositionTaps : 128,
            PositionGroups = 16,
        };
}
