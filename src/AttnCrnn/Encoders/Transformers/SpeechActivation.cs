using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>The activations that checkpoints name, as transformers' ACT2FN reads the names.</summary>
internal static class SpeechActivation
{
    public static IReadOnlyList<string> Names { get; } =
    ["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu", "silu", "swish"];

    /// <summary>The name that a configuration has under a field; the exact GELU where it has none.</summary>
    /// <exception cref="InvalidFileException">It names another; the message says which.</exception>
    public static string Read(JsonFileReader json, string field) =>
        json.GetString(field, "gelu") is var name && Names.Contains(name)
            ? name
            : throw json.Error($"{field} '{name}'", string.Join(", ", Names), "name another checkpoint");

    public static GraphValue Add(GraphBuilder graph, string name, GraphValue x) =>
        name switch
        {
            "gelu" => graph.Gelu(x),
            "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => graph.TanhGelu(x),
            "relu" => graph.Relu(x),
            "silu" or "swish" => graph.Multiply(x, graph.Sigmoid(x)),
            _ => throw new ArgumentException($"no activation is called {name}", nameof(name)),
        };
}
