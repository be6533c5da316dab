using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// The error of an int8 model relative to its float32 original, to be shown whenever one is exported.
/// </summary>
public static class Int8ModelError
{
    /// <summary>Number of random clips compared.</summary>
    public const int Clips = 16;

    private const int Frames = 200;

    /// <summary>
    /// The maximum difference of a probability between both models in ONNX Runtime, on random frames with the mean and
    /// standard deviation of the model's normalization.
    /// </summary>
    public static float ComputeMaxProbabilityDifference(TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors)
    {
        var normalization = model.Normalization;
        var width = model.Network.FrameWidth;
        var time = model.IsFixedLength ? Math.Min(Frames, model.Padding) : Frames;
        var frames = new float[Clips * time * width];
        new RandomStream(0).ForStream(RandomStreamId.Demo, 0).FillNormal(frames);
        // Other models take frames unnormalized, or already normalized.
        if (normalization.Kind == NormalizationMode.Corpus)
            for (var i = 0; i < frames.Length; i++)
                frames[i] = (frames[i] * normalization.StandardDeviation[i % width]) + normalization.Mean[i % width];
        int[] shape =
            model.Network.EncoderLayers == 1
                ? [Clips, time, width]
                : [Clips, time, model.Network.EncoderLayers, model.Network.Width];
        float[] ComputeProbabilities(bool quantizeInt8)
        {
            using var session = new OnnxSession(
                OnnxExporter.BuildFeatureModel(model, tensors, quantizeInt8),
                threads: 1
            );
            return session.Run(("lengths", [.. Enumerable.Repeat((long)time, Clips)]), ("frames", frames, shape));
        }
        return ComputeProbabilities(false).Zip(ComputeProbabilities(true), (a, b) => Math.Abs(a - b)).Max();
    }
}
