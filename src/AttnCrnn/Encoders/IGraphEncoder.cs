using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>
/// An encoder that can be written down as operators, to go with a model to where this program is not.
/// </summary>
internal interface IGraphEncoder : IEncoder
{
    /// <summary>About how much its weights take in a graph.</summary>
    long WeightBytes { get; }

    /// <summary>The longest recording that the graph takes, in samples; int.MaxValue: any.</summary>
    int MaxSamples => int.MaxValue;

    /// <summary>How many frames come of so many samples.</summary>
    int FrameCount(int samples);

    /// <summary>Adds the encoder to a graph.</summary>
    /// <param name="samples">[samples], 16 kHz mono, enough for four frames.</param>
    /// <returns>[frames, layers · width], as <see cref="IEncoder.Encode"/> gives for a recording that it takes in one
    /// piece.</returns>
    GraphValue Frames(GraphBuilder graph, GraphValue samples);
}
