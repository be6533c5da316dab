using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Prediction;

/// <content>Attention, for explanations.</content>
public sealed partial class Predictor
{
    /// <summary>Frames of the encoder per time step of the self-attention: two poolings of 2 precede it.</summary>
    internal const int FramesPerStep = NetworkOptions.MinFrames;

    /// <summary>The self-attention that each time step of a clip receives, as the mean over all steps.</summary>
    /// <param name="clip">[frames, width].</param>
    /// <param name="speaker">As for <see cref="Predict"/>.</param>
    /// <returns>
    /// [time steps]: those of the clip, one per <see cref="FramesPerStep"/> frames. Their sum is 1, less what steps of
    /// padding receive. null: the network has no self-attention.
    /// </returns>
    internal double[]? ComputeReceivedAttention(FrameMatrix clip, FeatureNormalization? speaker) =>
        networks.Run(network =>
        {
            FrameMatrix[] clips = [clip];
            var offsets = ComputeOffsets(clips);
            var ready = network.EnsureCapacity(offsets[^1], 1, offsets[^1]);
            using var frames = new AlignedBuffer(checked(offsets[^1] * Info.Encoder.FrameWidth));
            var received = ready.ComputeReceivedAttention(
                Pack(clips, [speaker ?? Info.Normalization], offsets, frames)
            );
            var steps = (clip.Count + FramesPerStep - 1) / FramesPerStep; // the last one may have padding as well
            return received?[..Math.Min(steps, received.Length)];
        });
}
