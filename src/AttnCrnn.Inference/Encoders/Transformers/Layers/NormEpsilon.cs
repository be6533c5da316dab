using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>What layer norms add to the variance.</summary>
internal static class NormEpsilon
{
    private const float Default = 1e-5f; // torch's

    /// <summary>Reads a setting, 1e-5 if it is missing.</summary>
    /// <exception cref="InvalidFileException">It is not above 0: norms of constant features would be NaN.</exception>
    public static float Read(JsonCursor json, string key) =>
        json.GetSingle(key, Default) is > 0 and var epsilon
            ? epsilon
            : throw json.Get(key).Unexpected("a number above 0, such as 1e-5");
}
