using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>The activations that checkpoints name, as transformers' ACT2FN reads the names.</summary>
internal static class SpeechActivation
{
    public static IReadOnlyList<string> Names { get; } = ["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu", "silu", "swish"];

    public static bool Knows(string name) => Names.Contains(name);

    public static GraphValue Add(GraphBuilder graph, string name, GraphValue x) => name switch
    {
        "gelu" => graph.Gelu(x),
        "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => graph.TanhGelu(x),
        "relu" => graph.Relu(x),
        "silu" or "swish" => graph.Multiply(x, graph.Sigmoid(x)),
        _ => throw new ArgumentException($"no activation is called {name}", nameof(name)),
    };
}
