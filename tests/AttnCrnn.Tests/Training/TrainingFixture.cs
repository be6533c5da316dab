using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Training;

/// <summary>Parts of training as computed by Keras and PyTorch: tests/fixtures/training/parts.npz.</summary>
internal static class TrainingFixture
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Arrays = NpzFile.Read(
        Fixtures.Path("training", "parts.npz")
    );

    public static double[] ReadDoubles(string name) => Arrays[name].ToDoubles();

    public static float[] ReadSingles(string name) => Arrays[name].ToSingles();
}
