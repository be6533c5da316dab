using System.Text.Json.Nodes;
using AttnCrnn.Encoders;

namespace AttnCrnn.Models;

/// <summary>What inference needs beyond the weights, and the model's origin.</summary>
/// <param name="Network">Layers, sizes and dropout rates.</param>
/// <param name="Labels">[classes], in the order of the probabilities; sorted in models trained by this program.</param>
/// <param name="Encoder">The encoder of the input frames; its name is npz if it is unknown.</param>
/// <param name="Normalization">How frames are normalized.</param>
/// <param name="Temperature">Divisor of the logits (temperature scaling); 1: not calibrated.</param>
/// <param name="Synthetic">
/// Whether the model was trained on synthetic speech, and so is not valid for real speech.
/// </param>
/// <param name="Padding">
/// Length that every clip is zero-padded to, in frames, as in the reference Keras implementation; 0: no padding.
/// </param>
/// <param name="Training">
/// The training options, as saved with the run; empty if another program trained the model.
/// </param>
/// <param name="Version">Version of this program that trained the model; empty if another program did.</param>
public sealed record TrainedModelInfo(
    NetworkOptions Network,
    IReadOnlyList<string> Labels,
    EncoderDescription Encoder,
    FeatureNormalization Normalization,
    double Temperature,
    bool Synthetic,
    int Padding,
    JsonObject Training,
    string Version
)
{
    /// <summary>
    /// Whether the network's input length is fixed to <see cref="Padding"/>: clips are padded before normalization, and
    /// longer ones are errors.
    /// </summary>
    public bool IsFixedLength { get; init; }

    /// <summary>When the model was saved, or its training run started; local time of that machine.</summary>
    public DateTime Saved { get; init; } = new(1980, 1, 1);
}

/// <summary>One tensor of a model file.</summary>
/// <param name="Name">Keras' name.</param>
public sealed record ModelTensor(string Name, IReadOnlyList<int> Shape, float[] Values);
