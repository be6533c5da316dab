using AttnCrnn.Models;

namespace AttnCrnn.Tests.Training;

/// <summary>What a training came to, for comparisons bit by bit.</summary>
internal static class TrainedWeights
{
    /// <summary>All weights of a model file, one tensor behind the other.</summary>
    public static float[] Read(string path) => [.. ModelFile.Read(path).Tensors.SelectMany(tensor => tensor.Values)];
}
