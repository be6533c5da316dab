using System.Text.Json.Nodes;
using AttnCrnn.Encoders;

namespace AttnCrnn.Models;

/// <summary>All that predicting needs beside the weights, and where the model comes from.</summary>
/// <param name="Network">Layers, widths and dropouts.</param>
/// <param name="Labels">[classes], the order of the probabilities; sorted in models that this program trained.</param>
/// <param name="Encoder">What makes the frames that the model takes; named npz where nobody knows.</param>
/// <param name="Normalization">What is done to frames first.</param>
/// <param name="Temperature">What logits are divided by; 1: nothing was fitted.</param>
/// <param name="Synthetic">Whether it learned from generated recordings: it then knows nothing about people.</param>
/// <param name="Padding">Frames that every clip is padded to with zeros (the original's way); 0: none.</param>
/// <param name="Training">The training options, as saved with the run; empty where another program trained it.</param>
/// <param name="Version">Of the program that made it; empty where it was another.</param>
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
    /// <summary>Whether the network's input has the length <see cref="Padding"/> and no other: clips are padded before they are normalised, and longer ones do not fit.</summary>
    public bool IsFixedLength { get; init; }

    /// <summary>When it was saved, or the run that trained it began; by the clock of that machine.</summary>
    public DateTime Saved { get; init; } = new(1980, 1, 1);
}

/// <summary>One tensor of a model file.</summary>
/// <param name="Name">Keras' name.</param>
public sealed record ModelTensor(string Name, IReadOnlyList<int> Shape, float[] Values);
