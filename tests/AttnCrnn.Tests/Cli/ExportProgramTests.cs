using System.Globalization;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Models;
using AttnCrnn.Onnx;
using AttnCrnn.Tests.Models;

namespace AttnCrnn.Tests.Cli;

/// <summary>export --to onnx, as it is typed.</summary>
public sealed class ExportProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_waveform_model_says_what_predict_says()
    {
        var recording = Fixtures.Path("audio", "mono16k_pcm_16.wav");
        Write("m", MadeModel.Of(new NetworkOptions(80, 4), seed: 3, encoder: new LogMelEncoder().Description));
        var (code, output, error) = BuiltProgram.Run(
            folder.Path,
            "export",
            "m",
            "--to",
            "onnx",
            "--waveform",
            "--out",
            "m.onnx"
        );
        Assert.Equal((0, "m.onnx", ""), (code, output.Trim(), error));
        using var session = OnnxSession.Load(At("m.onnx"), 1);
        var samples = AudioReader.Read(recording).Samples;
        var probabilities = session.Run(("samples", samples, [samples.Length]));
        using var predicted = JsonDocument.Parse(
            BuiltProgram.Run(folder.Path, "predict", "m", recording, "--json").Output
        );
        var labels = JsonSerializer.Deserialize<string[]>(session.Metadata["labels"])!;
        for (var k = 0; k < labels.Length; k++)
            Assert.Equal(
                predicted.RootElement.GetProperty("probabilities").GetProperty(labels[k]).GetDouble(),
                probabilities[k],
                1e-4
            );
    }

    [Fact]
    public void Eight_bits_say_how_far_they_are_off()
    {
        Write("m", MadeModel.Of(new NetworkOptions(80, 4), seed: 3));
        var (code, _, error) = BuiltProgram.Run(folder.Path, "export", "m", "--to", "onnx", "--quantize", "int8");
        Assert.Equal(0, code);
        var words = error.Split(' ');
        Assert.StartsWith("int8: ", error, StringComparison.Ordinal);
        Assert.InRange(double.Parse(words[Array.IndexOf(words, "than") + 1], CultureInfo.InvariantCulture), 1e-4, .05);
        using var session = OnnxSession.Load(At("m.onnx"), 1);
        Assert.Equal("int8", session.Metadata["weights"]);
    }

    [Theory]
    [InlineData(2, "--waveform and --quantize require --to onnx", "--to", "npz", "--waveform")]
    [InlineData(2, "--quantize int4: expected int8", "--to", "onnx", "--quantize", "int4")]
    [InlineData(2, "--encoder and --layers require --to keras or --to onnx", "--to", "npz", "--encoder", "x")]
    [InlineData(3, "m: this is the input file; give another with --out", "--to", "keras", "--out", "m")]
    [InlineData(3, ".: is a folder; give a file in it with --out", "--to", "onnx", "--out", ".")]
    [InlineData(3, "/dev/full: not a place for a file", "--to", "onnx", "--out", "/dev/full")]
    [InlineData(3, "m/x.onnx: cannot be written", "--to", "onnx", "--out", "m/x.onnx")]
    [InlineData(3, "link: this is the input file; give another with --out", "--to", "keras", "--out", "link")]
    [InlineData(2, "--out: empty", "--to", "onnx", "--out", "")]
    [InlineData(2, "--to h5: expected keras, onnx or npz", "--to", "h5")]
    [InlineData(3, "does not name the encoder of its frames", "--to", "onnx", "--waveform")]
    public void What_cannot_be_written_is_refused(int code, string says, params string[] flags)
    {
        Write("m", MadeModel.Of(new NetworkOptions(6, 4), seed: 3, encoder: new("npz", "", "", 0, 6, 1)));
        File.CreateSymbolicLink(At("link"), "m");
        var given = BuiltProgram.Run(folder.Path, ["export", "m", .. flags]);
        Assert.Equal(code, given.Code);
        Assert.Contains(says, given.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_does_not_say_its_encoder_says_it_when_it_was_named_once()
    {
        var mel = new LogMelEncoder().Description;
        Write("m", MadeModel.Of(new NetworkOptions(80, 4), seed: 3, encoder: new("npz", "", "", 0, 80, 1)));
        var recording = Fixtures.Path("audio", "mono16k_pcm_16.wav");
        Assert.Equal(3, BuiltProgram.Run(folder.Path, "predict", "m", recording).Code);
        var (code, _, error) = BuiltProgram.Run(
            folder.Path,
            "export",
            "m",
            "--to",
            "keras",
            "--encoder",
            "log-mel",
            "--out",
            "said.keras"
        );
        Assert.True(code == 0, error);
        Assert.Equal(mel, ModelFile.Read(At("said.keras")).Model.Encoder);
        Assert.Equal(0, BuiltProgram.Run(folder.Path, "predict", "said.keras", recording).Code);
        Assert.Equal(
            2,
            BuiltProgram
                .Run(
                    folder.Path,
                    "export",
                    "said.keras",
                    "--to",
                    "keras",
                    "--encoder",
                    "log-mel",
                    "--out",
                    "again.keras"
                )
                .Code
        );
        (code, _, error) = BuiltProgram.Run(
            folder.Path,
            "export",
            "m",
            "--to",
            "onnx",
            "--waveform",
            "--encoder",
            "log-mel",
            "--quantize",
            "int8",
            "--out",
            "m.onnx"
        );
        Assert.True(code == 0, error);
        using var session = OnnxSession.Load(At("m.onnx"), 1);
        Assert.Equal(("log-mel", mel.Revision), (session.Metadata["encoder"], session.Metadata["encoder_revision"]));
    }

    [Fact]
    public void A_speech_encoder_goes_in_from_where_it_is_now_but_not_by_eight_bits()
    {
        var checkpoint = Fixtures.Path("encoders", "hubert-base-like");
        using (var encoder = new SpeechEncoder(checkpoint, "/somewhere/else", null, new SpeechOptions("2")))
            Write(
                "m",
                MadeModel.Of(new NetworkOptions(encoder.Description.Width, 4), seed: 3, encoder: encoder.Description)
            );
        Assert.Equal(
            0,
            BuiltProgram.Run(folder.Path, "export", "m", "--to", "onnx", "--waveform", "--encoder", checkpoint).Code
        );
        Assert.True(File.Exists(At("m.onnx")), "no model was written");
        Assert.Contains(
            "--encoder DIR",
            BuiltProgram.Run(folder.Path, "export", "m", "--to", "onnx", "--waveform").Error,
            StringComparison.Ordinal
        );
        var eight = BuiltProgram.Run(
            folder.Path,
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
        Assert.Equal(3, eight.Code);
        Assert.Contains("extract with --precision int8", eight.Error, StringComparison.Ordinal);
    }

    private string At(string name) => folder.At(name);

    private void Write(string name, MadeModel made) => ModelFile.Write(At(name), made.Model, made.Tensors);
}
