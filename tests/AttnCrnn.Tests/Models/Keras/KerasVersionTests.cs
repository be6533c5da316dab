using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Versions of Keras whose archives are read, and others.</summary>
public sealed class KerasVersionTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("2.11.0")]
    [InlineData("2.16.0")]
    [InlineData("3.16.0")]
    [InlineData("4.0.0")]
    [InlineData("")]
    public void Archives_of_other_versions_are_rejected(string version)
    {
        KerasBuilder
            .FromFixture("small.keras")
            .WithText("metadata.json", text => text.Replace("3.15.1", version, StringComparison.Ordinal))
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejected(PathOf("x.keras"), "expected Keras 2.12 to 2.15, or 3.0 to 3.15");
    }

    [Theory]
    [InlineData("3.0.0")]
    [InlineData("3.4.1")]
    [InlineData("3.11.0.dev2025")]
    public void Archives_of_Keras_3_are_read(string version)
    {
        KerasBuilder
            .FromFixture("small.keras")
            .WithText("metadata.json", text => text.Replace("3.15.1", version, StringComparison.Ordinal))
            .Save(PathOf("x.keras"));
        Assert.Equal(21, ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels).Tensors.Count);
    }
}
