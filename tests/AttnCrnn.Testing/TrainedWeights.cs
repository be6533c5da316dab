using System.Runtime.InteropServices;
using AttnCrnn.Models;

namespace AttnCrnn.Testing;

/// <summary>Trained weights, for bitwise comparisons.</summary>
internal static class TrainedWeights
{
    /// <summary>All weights of a model file, concatenated.</summary>
    public static float[] Read(string path) => [.. ModelFile.Read(path).Tensors.SelectMany(tensor => tensor.Values)];

    /// <summary>Their bits as text.</summary>
    public static string ReadHex(string path) => Convert.ToHexString(MemoryMarshal.AsBytes(Read(path).AsSpan()));
}
