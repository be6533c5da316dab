using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench;

/// <summary>Clips of random features, all of one length, with classes in turn.</summary>
internal sealed class BenchBatch : IDisposable
{
    private readonly AlignedBuffer features;
    private readonly AlignedBuffer outputs;

    public BenchBatch(int clips, int frames, int width, int classes)
    {
        features = new AlignedBuffer(checked(clips * frames * width));
        outputs = new AlignedBuffer(2 * clips * classes);
        Clips = new(
            features.Rows(0, clips * frames, width),
            [.. Enumerable.Range(0, clips + 1).Select(clip => clip * frames)],
            clips
        );
        Targets = outputs.Rows(0, clips, classes);
        Probabilities = outputs.Rows(clips * classes, clips, classes);
        for (var clip = 0; clip < clips; clip++)
            Targets[clip][clip % classes] = 1;
        Weights = [.. Enumerable.Repeat(1f, clips)];
    }

    public PackedBatch Clips { get; }

    public MatrixView Targets { get; }

    public MatrixView Probabilities { get; }

    public float[] Weights { get; }

    public void Fill(int seed) => new RandomStream((ulong)seed).FillNormal(features.Span);

    public void Dispose()
    {
        features.Dispose();
        outputs.Dispose();
    }
}
