using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>An encoder that can be exported as an ONNX graph together with a model.</summary>
internal interface IGraphEncoder : IEncoder
{
    /// <summary>Approximate size of the weights in a graph.</summary>
    long WeightBytes { get; }

    /// <summary>Maximum length of a recording, in samples; int.MaxValue: unlimited.</summary>
    int MaxSamples => int.MaxValue;

    /// <summary>Number of frames for a number of samples.</summary>
    int CountFrames(int samples);

    /// <summary>Adds the encoder to a graph.</summary>
    /// <param name="samples">[samples], 16 kHz mono, long enough for four frames.</param>
    /// <returns>[frames, layers · width], as <see cref="IEncoder.Encode"/> returns for a recording of one
    /// chunk.</returns>
    GraphValue AddToGraph(GraphBuilder graph, GraphValue samples);
}
