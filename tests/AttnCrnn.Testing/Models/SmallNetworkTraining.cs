using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Testing.Models;

/// <summary>Twenty steps of a small network on eight clips of random frames.</summary>
internal static class SmallNetworkTraining
{
    /// <summary>Frames of each clip.</summary>
    public static IReadOnlyList<int> Frames { get; } = [40, 4, 77, 23, 58, 9, 31, 64];

    public static NetworkOptions Options { get; } =
        new(21, 6)
        {
            Conv1Filters = 19,
            Conv2Filters = 35,
            LstmUnits = 17,
            DenseUnits = 30,
        };

    /// <summary>A batch of some of the clips, whose frames are written to a buffer.</summary>
    public static PackedBatch CreateBatch(AlignedBuffer x, int width, int[] clips)
    {
        var offsets = new int[clips.Length + 1];
        for (var i = 0; i < clips.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Frames[clips[i]];
            new RandomStream(5)
                .ForStream(RandomStreamId.Demo, (uint)clips[i])
                .FillNormal(x.Rows(offsets[i] * width, 1, Frames[clips[i]] * width)[0]);
        }
        return new(x.Rows(0, offsets[^1], width), offsets, clips.Length);
    }

    /// <summary>SHA-256 of the weights and second moments after twenty steps.</summary>
    public static string ComputeDigest(int threads, int layers)
    {
        var options = Options with { EncoderLayers = layers };
        using var workers = new WorkerPool(threads);
        using var network = new Network(
            options,
            workers,
            new(Frames.Sum(), Frames.Count, Frames.Max()),
            training: true
        );
        using var trainingStep = TrainingStepBuilder.Create(network, workers);
        var random = new RandomStream(11);
        network.Initialize(random);
        using var x = new AlignedBuffer(Frames.Sum() * options.FrameWidth);
        using var outputs = new AlignedBuffer(2 * Frames.Count * Options.Classes);
        var targets = outputs.Rows(0, Frames.Count, Options.Classes);
        for (var clip = 0; clip < Frames.Count; clip++)
            targets[clip][clip % Options.Classes] = 1;
        var weights = Enumerable.Repeat(1f, Frames.Count).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var step = 0; step < 20; step++)
        {
            var order = Enumerable.Range(0, Frames.Count).Select(i => (i + step) % Frames.Count).ToArray();
            trainingStep.ComputeGradients(
                CreateBatch(x, options.FrameWidth, order),
                targets,
                weights,
                random.AtStep(0, (uint)step),
                outputs.Rows(Frames.Count * Options.Classes, Frames.Count, Options.Classes)
            );
            trainingStep.Update(new(1e-3), step + 1);
        }
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.Values.Span));
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.SecondMoment.Span));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
