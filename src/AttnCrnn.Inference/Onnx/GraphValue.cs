namespace AttnCrnn.Onnx;

/// <summary>A tensor in a graph under construction, identified by its name.</summary>
internal readonly record struct GraphValue(string Name);
