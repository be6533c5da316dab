using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a tiny checkpoint of one family, and how its tensors are stored.</summary>
internal interface ICheckpointShape
{
    /// <summary>Feature dimension.</summary>
    int Width { get; }

    /// <summary>Prefix of the encoder's tensor names.</summary>
    string Prefix { get; }

    /// <summary>The fewest frames that <see cref="CountSamples"/> accepts and the encoder supports.</summary>
    int MinFrames { get; }

    /// <summary>The number of samples that give this number of frames, and no remainder.</summary>
    int CountSamples(int frames);

    /// <summary>The encoder's tensors, by name without the prefix.</summary>
    IEnumerable<(string Name, int[] Shape)> Tensors();

    /// <summary>Tensors of published checkpoints that the encoder must not use, with the prefix.</summary>
    IEnumerable<(string Name, int[] Shape)> UnusedTensors();

    /// <summary>Writes the configuration and the weights.</summary>
    /// <param name="tensors">All tensors, with the prefix.</param>
    void Write(CheckpointBuilder folder, IReadOnlyList<StoredTensor> tensors);

    /// <summary>Encodes a clip at 16 kHz with the float64 reference.</summary>
    /// <param name="tensors">By name without the prefix.</param>
    ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform);
}
