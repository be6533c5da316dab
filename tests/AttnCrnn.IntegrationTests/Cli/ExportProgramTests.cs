using System.Globalization;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>export --to onnx in the built program.</summary>
public sealed class ExportProgramTests : IDisposable
{
    private static readonly string Recording = Fixtures.Path("audio", "mono16k_pcm_16.wav");

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_waveform_model_gives_the_probabilities_of_predict()
    {
        Write(
            "m",
            RandomModelBuilder.Create(new NetworkOptions(80, 4), seed: 3, encoder: new LogMelEncoder().Description)
        );
        var (code, output, error) = Run("export", "m", "--to", "onnx", "--waveform", "--out", "m.onnx");
        Assert.Equal((0, "m.onnx", ""), (code, output.Trim(), error));
        using var session = OnnxSession.Load(PathOf("m.onnx"), 1);
        var samples = AudioReader.Read(Recording).Samples;
        var probabilities = session.Run(("samples", samples, [samples.Length]));
        using var prediction = JsonDocument.Parse(Run("predict", "m", Recording, "--json").Output);
        var labels = JsonSerializer.Deserialize<string[]>(session.Metadata["labels"])!;
        for (var k = 0; k < labels.Length; k++)
            Assert.Equal(
                prediction.RootElement.GetProperty("probabilities").GetProperty(labels[k]).GetDouble(),
                probabilities[k],
                1e-4
            );
    }

    [Fact]
    public void Int8_export_reports_its_error()
    {
        Write("m", RandomModelBuilder.Create(new NetworkOptions(80, 4), seed: 3));
        var (code, _, error) = Run("export", "m", "--to", "onnx", "--quantize", "int8");
        Assert.Equal(0, code);
        Assert.StartsWith("int8: ", error, StringComparison.Ordinal);
        var difference = System.Text.RegularExpressions.Regex.Match(error, @"0\.\d+").Value;
        Assert.InRange(double.Parse(difference, CultureInfo.InvariantCulture), 1e-4, 0.05);
        using var session = OnnxSession.Load(PathOf("m.int8.onnx"), 1);
        Assert.Equal("int8", session.Metadata["weights"]);
    }

    [Fact]
    public void Different_exports_have_different_default_names_and_a_repeated_one_says_that_it_replaces()
    {
        Write(
            "m.keras",
            RandomModelBuilder.Create(new NetworkOptions(80, 4), seed: 3, encoder: new LogMelEncoder().Description)
        );
        string[][] exports =
        [
            ["--to", "onnx"],
            ["--to", "onnx", "--waveform"],
            ["--to", "onnx", "--quantize", "int8"],
            ["--to", "onnx", "--waveform", "--quantize", "int8"],
            ["--to", "npz"],
        ];
        string[] files = [.. exports.Select(options => Run(["export", "m.keras", .. options]).Output.Trim())];
        Assert.Equal(exports.Length, files.Distinct().Count());
        Assert.Equal(files.Append(PathOf("m.keras")).Order(), Directory.GetFiles(folder.Path).Order());
        var (code, output, error) = Run("export", "m.keras", "--to", "onnx");
        Assert.Equal((0, files[0], $"{files[0]}: replaced, the file existed"), (code, output.Trim(), error.Trim()));
    }

    [Fact]
    public void An_export_to_a_chosen_file_replaces_it()
    {
        Write("m", RandomModelBuilder.Create(new NetworkOptions(6, 4), seed: 3));
        File.WriteAllText(PathOf("out"), "of another program");
        Assert.Equal(0, Run("export", "m", "--to", "npz", "--out", "out").Code);
        Assert.Equal("PK"u8, File.ReadAllBytes(PathOf("out")).AsSpan(0, 2));
    }

    [Fact]
    public void A_file_beside_the_output_that_no_export_wrote_is_not_replaced()
    {
        Write("m", RandomModelBuilder.Create(new NetworkOptions(6, 4), seed: 3));
        File.WriteAllText(PathOf("m.onnx.data"), "of another program");
        var (code, _, error) = Run("export", "m", "--to", "onnx");
        Assert.Equal(3, code);
        Assert.Contains("m.onnx.data: exists", error, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("m.onnx")), "the model was exported");
        Assert.Equal("of another program", File.ReadAllText(PathOf("m.onnx.data")));
    }

    [Theory]
    [InlineData(2, "--waveform: --to npz does not support it; choose --to onnx", "--to", "npz", "--waveform")]
    [InlineData(2, "--quantize: --to keras does not support it", "--to", "keras", "--quantize", "int8")]
    [InlineData(2, "--quantize int4: expected int8", "--to", "onnx", "--quantize", "int4")]
    [InlineData(2, "--encoder: --to npz does not support it; choose --to keras", "--to", "npz", "--encoder", "x")]
    [InlineData(2, "--layers: --to npz does not support it", "--to", "npz", "--layers", "7")]
    [InlineData(3, "m: this is the input file; choose another file with --out", "--to", "keras", "--out", "m")]
    [InlineData(3, ".: is a folder; choose a file in it with --out", "--to", "onnx", "--out", ".")]
    [InlineData(3, "/dev/full: is a device, not a file path", "--to", "onnx", "--out", "/dev/full")]
    [InlineData(3, "m/x.onnx: cannot be written", "--to", "onnx", "--out", "m/x.onnx")]
    [InlineData(3, "link: this is the input file; choose another file with --out", "--to", "keras", "--out", "link")]
    [InlineData(2, "--out: the name is empty", "--to", "onnx", "--out", "")]
    [InlineData(2, "--to h5: expected keras, onnx, npz", "--to", "h5")]
    [InlineData(3, "has no encoder metadata", "--to", "onnx", "--waveform")]
    public void Values_that_cannot_be_written_are_rejected(int code, string expected, params string[] flags)
    {
        Write("m", RandomModelBuilder.Create(new NetworkOptions(6, 4), seed: 3, encoder: new("npz", "", "", 0, 6, 1)));
        File.CreateSymbolicLink(PathOf("link"), "m");
        var result = Run(["export", "m", .. flags]);
        Assert.Equal(code, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_on_a_recording_needs_an_archive_with_an_encoder()
    {
        WriteWithoutEncoder();
        Assert.Equal(3, Run("predict", "m", Recording).Code);
    }

    [Fact]
    public void A_specified_encoder_is_stored_in_the_archive()
    {
        WriteWithoutEncoder();
        var (code, _, error) = Run("export", "m", "--to", "keras", "--encoder", "log-mel", "--out", "named.keras");
        Assert.True(code == 0, error);
        Assert.Equal(new LogMelEncoder().Description, ModelFile.Read(PathOf("named.keras")).Info.Encoder);
        Assert.Equal(0, Run("predict", "named.keras", Recording).Code);
        string[] arguments = ["--encoder", "log-mel", "--out", "again.keras"];
        Assert.Equal(2, Run(["export", "named.keras", "--to", "keras", .. arguments]).Code); // it has one
    }

    [Fact]
    public void A_specified_encoder_is_stored_in_a_waveform_model()
    {
        WriteWithoutEncoder();
        string[] options = ["--waveform", "--encoder", "log-mel", "--quantize", "int8", "--out", "m.onnx"];
        var (code, _, error) = Run(["export", "m", "--to", "onnx", .. options]);
        Assert.True(code == 0, error);
        using var session = OnnxSession.Load(PathOf("m.onnx"), 1);
        Assert.Equal("log-mel", session.Metadata["encoder"]);
        Assert.Equal(new LogMelEncoder().Description.Revision, session.Metadata["encoder_revision"]);
    }

    [Fact]
    public void A_float32_speech_encoder_is_exported_but_not_an_int8_one()
    {
        var checkpoint = Fixtures.Path("encoders", "hubert-base-like");
        using (var encoder = new SpeechEncoder(checkpoint, "/somewhere/else", null, new SpeechOptions("2")))
            Write(
                "m",
                RandomModelBuilder.Create(
                    new NetworkOptions(encoder.Description.Width, 4),
                    seed: 3,
                    encoder: encoder.Description
                )
            );
        Assert.Equal(0, Run("export", "m", "--to", "onnx", "--waveform", "--encoder", checkpoint).Code);
        Assert.True(File.Exists(PathOf("m.waveform.onnx")), "no model was written");
        Assert.Contains(
            "--encoder DIR",
            Run("export", "m", "--to", "onnx", "--waveform").Error,
            StringComparison.Ordinal
        );
        var int8Export = Run(
            "export",
            "m",
            "--to",
            "onnx",
            "--waveform",
            "--encoder",
            checkpoint,
            "--quantize",
            "int8"
        );
        Assert.Equal(3, int8Export.Code);
        Assert.Contains("--quantize: nearly all weights belong to", int8Export.Error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => folder.PathOf(name);

    private void Write(string name, RandomModelBuilder modelBuilder) =>
        ModelFileWriter.Write(PathOf(name), modelBuilder.Model, modelBuilder.Tensors);

    private void WriteWithoutEncoder() =>
        Write(
            "m",
            RandomModelBuilder.Create(new NetworkOptions(80, 4), seed: 3, encoder: new("npz", "", "", 0, 80, 1))
        );

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
