using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>Additional layers that fine-tuning puts after or into a network; none is supported.</summary>
internal static class Adapters
{
    private const string Remedy = "adapters are not supported: use the base checkpoint";

    /// <summary>Refuses a config.json that asks for adapters.</summary>
    /// <exception cref="InvalidFileException">It does.</exception>
    public static void Refuse(JsonCursor json)
    {
        if (json.GetBoolean("add_adapter", false))
            throw json.Error("add_adapter", "a network without an adapter", Remedy);
        if (json.Find("adapter_attn_dim") is { IsNull: false })
            throw json.Error("adapter_attn_dim", "a network without adapters", Remedy);
    }
}
