using System.Text.Json;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Feature files that contradict themselves or the model, given to the built program.</summary>
public sealed class FeatureFileProgramTests : IDisposable
{
    private const string Labels = "n,c,h,s,a,f";
    private const int Width = 12;

    private static readonly Dictionary<string, Func<Dictionary<string, NpyArray>>> Contradiction = new()
    {
        ["label is class 1 but emotion_class is 2"] = () =>
            new()
            {
                ["label"] = NpyArray.Create((double[])[0, 1, 0], 3),
                ["emotion_class"] = NpyArray.Create((long[])[2], []),
            },
        ["label is 'happy' but emotion is 'sad'"] = () =>
            new()
            {
                ["label"] = NpyArray.Create((string[])["happy"], []),
                ["emotion"] = NpyArray.Create((string[])["sad"], []),
            },
        ["label is class 3 but emotion_class is 2"] = () =>
            new()
            {
                ["label"] = NpyArray.Create((long[])[3], []),
                ["emotion_class"] = NpyArray.Create((long[])[2], []),
            },
        ["label has no single maximum"] = () =>
            new()
            {
                ["label"] = NpyArray.Create(new double[6], 6),
                ["emotion_class"] = NpyArray.Create((long[])[0], []),
            },
    };

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Contradictions => [.. Contradiction.Keys];

    [Theory, MemberData(nameof(Contradictions))]
    public void A_feature_file_whose_labels_contradict_each_other_is_rejected(string expected)
    {
        var arrays = Contradiction[expected]();
        arrays["embeddings"] = NpyArray.Create(new float[10 * Width], 10, Width);
        AssertRejected(arrays, expected);
    }

    [Fact]
    public void A_feature_file_that_holds_NaN_is_rejected()
    {
        var values = new float[10 * Width];
        values[17] = float.NaN;
        AssertRejected(new() { ["embeddings"] = NpyArray.Create(values, 10, Width) }, "NaN in frame 1, feature 5");
    }

    [Fact]
    public void A_feature_file_of_another_width_is_rejected() =>
        AssertRejected(
            new() { ["embeddings"] = NpyArray.Create(new float[130], 10, 13) },
            "found feature dimension 13, expected 12, "
        );

    private void AssertRejected(Dictionary<string, NpyArray> arrays, string expected)
    {
        NpzFile.Write(PathOf("bad.npz"), arrays);
        var model = Fixtures.Path("keras", "small.keras");
        var (code, output, error) = Run("predict", model, "bad.npz", "--labels", Labels, "--json");
        Assert.Equal(3, code);
        using var json = JsonDocument.Parse(output);
        Assert.Contains(expected, json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
