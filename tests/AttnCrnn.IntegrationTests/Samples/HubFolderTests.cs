using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>
/// predict.py of a folder that export --to hub wrote runs in Python, with numpy (of Debian's python3-h5py). Debian has
/// no Python package of ONNX Runtime: a stand-in shows what the script passes to it, and another one calls the library.
/// </summary>
[Requires("h5py")]
public sealed class HubFolderTests : IDisposable
{
    private const SearchOption All = SearchOption.AllDirectories;

    private const string Python = "/usr/bin/python3"; // python3 in PATH may be another one, without Debian's packages

    // Prints its inputs, and predicts the second label.
    private const string OnnxRuntime = """
        import os, numpy
        class InferenceSession:
            def __init__(self, path, providers):
                self.path = path
            def run(self, names, inputs):
                for name, value in inputs.items():
                    print(os.path.basename(self.path), name, value.dtype, *value.shape)
                probabilities = numpy.array([0.1, 0.6, 0.2, 0.1], dtype=numpy.float32)
                return [probabilities[None] if "frames" in inputs else probabilities]
        """;

    private const string SoundFile = """
        import numpy
        def read(path, dtype, always_2d):
            return numpy.zeros((16000, 2), dtype=dtype), 16000
        """;

    private readonly TempFolder folder = new();

    public HubFolderTests()
    {
        File.WriteAllText(folder.PathOf("onnxruntime.py"), OnnxRuntime);
        File.WriteAllText(folder.PathOf("soundfile.py"), SoundFile);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Frames_are_predicted_by_all_models_of_the_folds()
    {
        RunBuilder.Write(folder.Path, folds: 3);
        Export();
        File.WriteAllText(
            folder.PathOf("write.py"),
            "import numpy\nnumpy.savez('clip.npz', wav2vec_features=numpy.zeros((7, 80), dtype='float16'))\n"
        );
        RunPython(folder.PathOf("write.py"));
        Assert.Equal(
            [
                "fold_1.onnx frames float32 1 7 80",
                "fold_1.onnx lengths int64 1",
                "fold_2.onnx frames float32 1 7 80",
                "fold_2.onnx lengths int64 1",
                "fold_3.onnx frames float32 1 7 80",
                "fold_3.onnx lengths int64 1",
                "calm         0.6000",
                "happy        0.2000",
                "angry        0.1000",
                "sad          0.1000",
            ],
            RunPython(folder.PathOf("hub", "predict.py"), folder.PathOf("clip.npz"))
        );
    }

    [Fact]
    public void Samples_are_predicted_by_a_model_with_its_encoder()
    {
        RunBuilder.Write(folder.Path);
        Export("--waveform");
        var lines = RunPython(folder.PathOf("hub", "predict.py"), "clip.wav");
        Assert.Equal("model.onnx samples float32 16000", lines[0]);
        Assert.Equal("calm         0.6000", lines[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_probabilities_of_ONNX_Runtime_are_those_of_predict(int folds)
    {
        UseOnnxRuntime();
        RunBuilder.Write(folder.Path, folds: folds);
        WavWriter.Write(folder.PathOf("clip.wav"), LogMelModels.Sweep(1.2), 16_000);
        File.WriteAllText(
            folder.PathOf("write.py"),
            "import numpy\nframes = numpy.random.default_rng(1).standard_normal((31, 80))\n"
                + "numpy.savez('clip.npz', wav2vec_features=frames.astype('float16'))\n"
        );
        RunPython(folder.PathOf("write.py"));
        var isEnsemble = folds > 0;
        Export(isEnsemble ? [] : ["--waveform"]);
        var input = isEnsemble ? "clip.npz" : "clip.wav";
        var (code, output, error) = BuiltProgram.Run(folder.Path, ["predict", RunBuilder.Name, input, "--json"]);
        Assert.True(code == 0, error);
        var expected = JsonNode.Parse(output)!["probabilities"]!;
        var lines = RunPython(folder.PathOf("hub", "predict.py"), input);
        Assert.Equal(expected.AsObject().Count, lines.Length);
        Assert.All(lines, line =>
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var probability = double.Parse(words[1], CultureInfo.InvariantCulture);
            Assert.Equal((double)expected[words[0]]!, probability, 1e-4); // printed with four digits
        });
    }

    // The library of the built program, and the samples of the recording.
    private void UseOnnxRuntime()
    {
        File.Copy(
            Repository.Path("tests", "AttnCrnn.IntegrationTests", "Samples", "onnxruntime.py"),
            folder.PathOf("onnxruntime.py"),
            overwrite: true
        );
        File.WriteAllText(
            folder.PathOf("soundfile.py"),
            """
            import numpy, wave
            def read(path, dtype, always_2d):
                with wave.open(path) as file:
                    samples = numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
                    return (samples / 32768).astype(dtype)[:, None], file.getframerate()
            """
        );
    }

    private void Export(params string[] options)
    {
        var (code, _, error) = BuiltProgram.Run(
            folder.Path,
            ["export", RunBuilder.Name, "hub", "--to", "hub", "--license", "mit", .. options]
        );
        Assert.True(code == 0, error);
    }

    private string[] RunPython(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONUTF8"] = "1";
        start.Environment["PYTHONPATH"] = folder.Path;
        start.Environment["ORT_LIBRARY"] = Directory
            .GetFiles(Path.GetDirectoryName(BuiltProgram.Prepare(folder.Path).FileName)!, "libonnxruntime.so", All)
            .First(path => path.Contains(RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal));
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
