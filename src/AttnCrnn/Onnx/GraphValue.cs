namespace AttnCrnn.Onnx;

/// <summary>A tensor within a graph that is being built, known by its name.</summary>
internal readonly record struct GraphValue(string Name);
