namespace AttnCrnn.Tests;

/// <summary>The samples are short. The page of samples/onnx-web is an application of its own.</summary>
public sealed class SampleLengthTests
{
    [Fact]
    public void A_sample_of_the_library_has_fewer_than_40_lines()
    {
        string[] programs = [.. Repository.SourceFiles("samples")];
        Assert.Contains(programs, path => Path.GetFileName(path) == "Program.cs");
        Assert.All(programs, path => Assert.InRange(File.ReadAllLines(path).Length, 1, 39));
    }

    [Theory]
    [InlineData("onnx-python/predict.py", 39)]
    [InlineData("safetensors-python/read.py", 10)] // docs/models.md
    public void A_sample_in_Python_is_short(string path, int maxLines) =>
        Assert.InRange(File.ReadAllLines(Repository.Path("samples", path)).Length, 1, maxLines);
}
