using AttnCrnn.Encoders;

namespace AttnCrnn.Prediction;

/// <summary>
/// What a model predicts from: frames of its encoder, or samples for a model that contains its encoder.
/// </summary>
/// <param name="Frames">Null for samples.</param>
/// <param name="Samples">[samples], 16 kHz mono; empty for frames.</param>
internal readonly record struct ModelInput(FrameMatrix? Frames, ReadOnlyMemory<float> Samples);
