using AttnCrnn.Kernels;
using AttnCrnn.Onnx;

namespace AttnCrnn.Interop;

/// <summary>How far a model by eight bits is from the same by float32: to be shown wherever such a model is made.</summary>
public static class QuantisedModel
{
    /// <summary>Clips of noise that are compared.</summary>
    public const int Clips = 16;

    private const int Frames = 200;

    /// <summary>The largest difference of a probability, both models run by ONNX Runtime on frames drawn with the mean and deviation that the model normalises by.</summary>
    public static float Distance(SavedModel model, IReadOnlyList<ModelTensor> tensors)
    {
        var (scale, width) = (model.Normalisation, model.Network.FrameWidth);
        var time = model.IsFixedLength ? Math.Min(Frames, model.Padding) : Frames;
        var frames = new float[Clips * time * width];
        new Draw(0).For(Purpose.Demo, 0).FillNormal(frames);
        if (scale.Kind == "corpus") // another model takes frames as they are, or normalised already
            for (var i = 0; i < frames.Length; i++) frames[i] = (frames[i] * scale.Deviation[i % width]) + scale.Mean[i % width];
        int[] shape = model.Network.Layers == 1 ? [Clips, time, width] : [Clips, time, model.Network.Layers, model.Network.Width];
        float[] Probabilities(bool byEightBits)
        {
            using var session = new OnnxSession(OnnxFile.Frames(model, tensors, byEightBits), threads: 1);
            return session.Run(("lengths", [.. Enumerable.Repeat((long)time, Clips)]), ("frames", frames, shape));
        }
        return Probabilities(false).Zip(Probabilities(true), (a, b) => Math.Abs(a - b)).Max();
    }
}
