using AttnCrnn.Encoders;
using AttnCrnn.Export;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Export;

/// <summary>What every format in <see cref="ModelExporters.All"/> must do.</summary>
public sealed class ModelExportersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. ModelExporters.All.Select(exporter => exporter.Name)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Names_and_extensions_are_distinct()
    {
        Assert.Distinct(ModelExporters.All.Select(exporter => exporter.Name));
        Assert.Distinct(ModelExporters.All.Select(exporter => exporter.Extension));
        Assert.All(ModelExporters.All, exporter => Assert.Matches("^[a-z0-9]+$", exporter.Name));
        Assert.All(ModelExporters.All, exporter =>
            Assert.StartsWith(".", exporter.Extension, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_format_is_found_by_its_name()
    {
        Assert.All(ModelExporters.All, exporter => Assert.Same(exporter, ModelExporters.Find(exporter.Name)));
        Assert.Null(ModelExporters.Find("h5"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_files_written_are_among_those_listed_and_the_same_for_the_same_model(string name)
    {
        var exporter = ModelExporters.Find(name)!;
        var model = CreateModel();
        string[][] files = new string[2][];
        for (var i = 0; i < 2; i++)
        {
            var path = folder.PathOf($"{i}", $"m{exporter.Extension}");
            var result = await exporter.ExportAsync(model, path, new(), TestContext.Current.CancellationToken);
            Assert.Equal(path, result.Files[0]);
            Assert.Empty(result.Files.Except(exporter.ListFiles(path)));
            Assert.Equal(result.Files.Order(), Directory.GetFiles(folder.PathOf($"{i}")).Order());
            files[i] = [.. result.Files];
        }
        foreach (var (first, second) in files[0].Zip(files[1]))
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_option_that_a_format_does_not_support_is_an_error_and_one_that_it_supports_is_not(string name)
    {
        var exporter = ModelExporters.Find(name)!;
        var path = folder.PathOf($"m{exporter.Extension}");
        ExportOptions[] eachOption = [new() { QuantizeInt8 = true }, new() { Encoder = new LogMelEncoder() }];
        foreach (var options in eachOption)
        {
            Task Export() => exporter.ExportAsync(CreateModel(), path, options, TestContext.Current.CancellationToken);
            if (exporter.Supports.HasFlag(options.Required))
                await Export();
            else
                Assert.Contains(
                    $"{options.Required}",
                    (await Assert.ThrowsAsync<ArgumentException>(Export)).Message,
                    StringComparison.Ordinal
                );
            Assert.Equal(exporter.Supports.HasFlag(options.Required), File.Exists(path));
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_canceled_export_writes_nothing(string name)
    {
        var exporter = ModelExporters.Find(name)!;
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            exporter.ExportAsync(CreateModel(), folder.PathOf("m"), new(), new(canceled: true))
        );
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Each_option_is_a_feature()
    {
        Assert.Equal(ExportFeatures.None, new ExportOptions().Required);
        Assert.Equal(ExportFeatures.Int8Weights, new ExportOptions { QuantizeInt8 = true }.Required);
        Assert.Equal(ExportFeatures.Waveform, new ExportOptions { Encoder = new LogMelEncoder() }.Required);
    }

    [Theory]
    [InlineData("r/best.keras", ExportFeatures.None, "r/best.onnx")]
    [InlineData("r/best.keras", ExportFeatures.Waveform, "r/best.waveform.onnx")]
    [InlineData("r/best.keras", ExportFeatures.Int8Weights, "r/best.int8.onnx")]
    [InlineData("r/best.keras", ExportFeatures.Waveform | ExportFeatures.Int8Weights, "r/best.waveform.int8.onnx")]
    [InlineData("r/best.keras", ExportFeatures.EncoderDescription, "r/best.onnx")]
    [InlineData("m.1", ExportFeatures.None, "m.1.onnx")]
    public void A_default_name_tells_the_format_and_the_options(
        string model,
        ExportFeatures required,
        string expected
    ) => Assert.Equal(expected, ModelExporters.GetDefaultPath(model, ModelExporters.Find("onnx")!, required));

    private static TrainedModel CreateModel()
    {
        var builder = RandomModelBuilder.Create(
            new NetworkOptions(80, 3) { LstmUnits = 8 },
            seed: 5,
            encoder: new LogMelEncoder().Description
        );
        return new(builder.Model, builder.Tensors, Optimizer: null, Notices: []);
    }
}
