using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>Activations by their names in transformers' ACT2FN.</summary>
internal static class SpeechActivation
{
    public static IReadOnlyList<string> Names { get; } =
    ["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu", "silu", "swish"];

    /// <summary>Reads the activation of a field.</summary>
    /// <param name="defaultName">If the field is missing: the exact GELU.</param>
    /// <exception cref="InvalidFileException">The activation is not supported.</exception>
    public static string Read(JsonCursor json, string field, string defaultName = "gelu") =>
        json.GetString(field, defaultName) is var name && Names.Contains(name)
            ? name
            : throw json.Error($"{field} '{name}'", string.Join(", ", Names), "use another checkpoint");

    public static GraphValue AddToGraph(GraphBuilder graph, string name, GraphValue x) =>
        name switch
        {
            "gelu" => graph.Gelu(x),
            "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => graph.GeluTanh(x),
            "relu" => graph.Relu(x),
            "silu" or "swish" => graph.Multiply(x, graph.Sigmoid(x)),
            _ => throw new ArgumentException($"unknown activation {name}", nameof(name)),
        };
}
