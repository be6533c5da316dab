using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>How far a model by eight bits is from the same by float32: to be shown wherever such a model is made.</summary>
public static class Int8ModelError
{
    /// <summary>Clips of noise that are compared.</summary>
    public const int Clips = 16;

    private const int Frames = 200;

    /// <summary>The largest difference of a probability, both models run by ONNX Runtime on frames drawn with the mean and deviation that the model normalises by.</summary>
    public static float MaxProbabilityDifference(TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors)
    {
        var (scale, width) = (model.Normalization, model.Network.FrameWidth);
        var time = model.IsFixedLength ? Math.Min(Frames, model.Padding) : Frames;
        var frames = new float[Clips * time * width];
        new RandomStream(0).ForStream(RandomStreamId.Demo, 0).FillNormal(frames);
        if (scale.Kind == "corpus") // another model takes frames as they are, or normalised already
            for (var i = 0; i < frames.Length; i++)
                frames[i] = (frames[i] * scale.StandardDeviation[i % width]) + scale.Mean[i % width];
        int[] shape =
            model.Network.Layers == 1 ? [Clips, time, width] : [Clips, time, model.Network.Layers, model.Network.Width];
        float[] Probabilities(bool quantizeInt8)
        {
            using var session = new OnnxSession(OnnxExporter.FeatureModel(model, tensors, quantizeInt8), threads: 1);
            return session.Run(("lengths", [.. Enumerable.Repeat((long)time, Clips)]), ("frames", frames, shape));
        }
        return Probabilities(false).Zip(Probabilities(true), (a, b) => Math.Abs(a - b)).Max();
    }
}
