using AttnCrnn.Models;

namespace AttnCrnn.Tests.Training;

/// <summary>Trained weights, for bitwise comparisons.</summary>
internal static class TrainedWeights
{
    /// <summary>All weights of a model file, concatenated.</summary>
    public static float[] Read(string path) => [.. ModelFile.Read(path).Tensors.SelectMany(tensor => tensor.Values)];
}
