using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Outputs and inputs of predict in the built program.</summary>
public sealed class PredictOutputTests(PredictRun run) : IClassFixture<PredictRun>
{
    private static readonly string[] Options = ["--threads", "1"];

    [Fact]
    public void A_run_of_folds_is_reported_as_the_mean_of_its_models()
    {
        var (code, output, error) = run.Predict([PredictRun.Folds, "a.wav", "--json", "--no_vad", .. Options]);
        Assert.True(code == 0, error);
        Assert.Equal("mean of the probabilities of 2 folds' models", error.Trim());
        Assert.Single(Lines(output));
        Assert.Equal("", run.Predict(["model.keras", "a.wav", "--no_vad", .. Options]).Error);
    }

    [Fact]
    public void Windows_are_those_of_the_library()
    {
        var output = run.Predict([
            "model.keras",
            "b.wav",
            "--window",
            "0.3",
            "--hop",
            "0.2",
            "--json",
            .. Options,
        ]).Output;
        using var predictor = EmotionPredictor.Open([run.PathOf("model.keras")]);
        var waveform = AudioReader.Read(run.PathOf("b.wav")).Samples;
        var expected = predictor
            .PredictWindows(waveform, new(0.3, 0.2))
            .Select(window => Format([window.StartSeconds, window.EndSeconds, .. window.Probabilities]));
        var actual = Lines(output)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(json =>
                Format([
                    json.GetProperty("start_s").GetDouble(),
                    json.GetProperty("end_s").GetDouble(),
                    .. json.GetProperty("probabilities").EnumerateObject().Select(value => value.Value.GetDouble()),
                ])
            );
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_failed_file_has_a_line_in_its_place()
    {
        var (code, output, error) = run.Predict([
            "model.keras",
            "a.wav",
            "nowhere.wav",
            "b.wav",
            "--json",
            "--no_vad",
            .. Options,
        ]);
        Assert.Equal(3, code);
        var lines = Lines(output).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["a.wav", "nowhere.wav", "b.wav"], lines.Select(line => line.GetProperty("path").GetString()));
        Assert.Equal(
            ["path", "error", "model", "model_sha256"],
            lines[1].EnumerateObject().Select(property => property.Name)
        );
        var message = lines[1].GetProperty("error").GetString();
        Assert.StartsWith("nowhere.wav: found no such file", message, StringComparison.Ordinal);
        Assert.Equal($"attn-crnn: {message}", error.Trim());
    }

    [Fact]
    public void Explanations_are_plots_and_arrays()
    {
        var (code, output, error) = run.Predict([
            PredictRun.Folds,
            "a.wav",
            "--explain",
            "plots",
            "--json",
            "--no_vad",
            .. Options,
        ]);
        Assert.True(code == 0, error);
        var explanation = JsonDocument.Parse(Lines(output)[0]).RootElement.GetProperty("explanation");
        using var predictor = RunPredictor.Open(run.PathOf(), PredictRun.Folds);
        var expected = predictor.ExplainFile(run.PathOf("a.wav"), TestContext.Current.CancellationToken);
        Assert.Equal(Format(expected.ProbabilityLost), Format(ReadNumbers(explanation.GetProperty("occlusion"))));
        Assert.Equal(Format(expected.Attention!.Weights), Format(ReadNumbers(explanation.GetProperty("attention"))));
        var plot = File.ReadAllBytes(run.PathOf(explanation.GetProperty("plot").GetString()!));
        Assert.True(plot.AsSpan().StartsWith((byte[])[0x89, 0x50, 0x4E, 0x47]), "not a PNG");
    }

    [Fact]
    public void A_CSV_table_has_the_values_of_JSON()
    {
        string[] arguments = ["model.keras", "a.wav", "nowhere.wav", "--window", "0.7", .. Options];
        var (code, output, _) = run.Predict([.. arguments, "--csv"]);
        Assert.Equal(3, code);
        var lines = Lines(output);
        Assert.Equal(
            "path,label,start_s,end_s,\"label, \"\"0\"\"\",\"label, \"\"1\"\"\",\"label, \"\"2\"\"\",error,warnings",
            lines[0]
        );
        Assert.Equal(4, lines.Length); // two windows and an error
        var json = JsonDocument.Parse(Lines(run.Predict([.. arguments, "--json"]).Output)[0]).RootElement;
        var values = json.GetProperty("probabilities").EnumerateObject().Select(value => value.Value.GetRawText());
        var label = json.GetProperty("label").GetString()!.Replace("\"", "\"\"", StringComparison.Ordinal);
        Assert.Equal($"a.wav,\"{label}\",0,0.7,{string.Join(',', values)},,no_speech", lines[1]);
        Assert.StartsWith("nowhere.wav,,,,,,,\"nowhere.wav: ", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--csv")]
    [InlineData("--quiet")]
    public void A_file_has_what_stdout_would_have(string format)
    {
        string[] arguments = ["model.keras", "a.wav", "nowhere.wav", "b.wav", format, .. Options];
        var expected = run.Predict(arguments).Output;
        var file = Path.Combine($"new{format}", "predictions");
        var (code, output, error) = run.Predict([.. arguments, "--out", file]);
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("nowhere.wav", error, StringComparison.Ordinal);
        Assert.Equal(expected, File.ReadAllText(run.PathOf(file)));
        Assert.Single(Directory.GetFiles(run.PathOf($"new{format}")));
    }

    [Fact]
    public void A_killed_process_leaves_the_file_as_it_was()
    {
        WavWriter.Write(run.PathOf("long.wav"), LogMelModels.Sweep(120), 16_000);
        Directory.CreateDirectory(run.PathOf("killed"));
        File.WriteAllText(run.PathOf("killed", "out.csv"), "earlier\n");
        string[] windows = ["--window", "1", "--hop", "0.01", "--csv", "--out", Path.Combine("killed", "out.csv")];
        var start = BuiltProgram.Prepare(run.PathOf(), ["predict", "model.keras", "long.wav", .. windows, .. Options]);
        using (var process = Process.Start(start)!)
        {
            using var watch = new FileSystemWatcher(run.PathOf("killed"));
            var hasTemporaryFile = new ManualResetEventSlim();
            watch.Created += (_, _) => hasTemporaryFile.Set();
            watch.EnableRaisingEvents = true;
            if (Directory.GetFiles(run.PathOf("killed")).Length > 1)
                hasTemporaryFile.Set();
            Assert.True(hasTemporaryFile.Wait(TimeSpan.FromMinutes(2)), "no temporary file was created");
            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }
        Assert.Equal("earlier\n", File.ReadAllText(run.PathOf("killed", "out.csv")));
    }

    [Theory]
    [InlineData(2, "--json and --csv", "a.wav", "--json", "--csv")]
    [InlineData(2, "--segments and --window", "a.wav", "--segments", "--window", "1")]
    [InlineData(2, "--segments needs the stretches of speech", "a.wav", "--segments", "--no_vad")]
    [InlineData(2, "--out: the name is empty", "a.wav", "--out", " ")]
    [InlineData(3, "is a folder", "a.wav", "--out", "checkpoints")]
    [InlineData(3, "is a device", "a.wav", "--out", "/dev/stdout")]
    [InlineData(3, "a.wav: is the input a.wav", "b.wav", "a.wav", "--out", "a.wav")]
    [InlineData(3, "is the input", "b.wav", "--out", "model.keras")]
    [InlineData(3, "is the input clips.csv", "clips.csv", "--csv", "--out", "./clips.csv")]
    [InlineData(2, "-: standard input can be read only once", "-", "a.wav", "-")]
    public void What_cannot_be_done_is_refused(int code, string message, params string[] arguments)
    {
        const string manifest = "path\na.wav\n";
        File.WriteAllText(run.PathOf("clips.csv"), manifest);
        var model = File.ReadAllBytes(run.PathOf("model.keras"));
        var recording = File.ReadAllBytes(run.PathOf("a.wav"));
        var (actual, output, error) = run.Predict(["model.keras", .. arguments, .. Options]);
        Assert.Equal((code, ""), (actual, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(manifest, File.ReadAllText(run.PathOf("clips.csv")));
        Assert.Equal(model, File.ReadAllBytes(run.PathOf("model.keras")));
        Assert.Equal(recording, File.ReadAllBytes(run.PathOf("a.wav")));
    }

    [Fact]
    public void A_recording_on_standard_input_is_predicted_as_its_file()
    {
        var recording = File.ReadAllBytes(run.PathOf("b.wav"));
        var (code, output, error) = run.PredictFrom(
            recording,
            ["model.keras", "a.wav", "-", "b.wav", "--json", .. Options]
        );
        Assert.True(code == 0, error);
        var lines = Lines(output);
        Assert.Equal(lines[2].Replace("\"b.wav\"", "\"-\"", StringComparison.Ordinal), lines[1]);
    }

    [Fact]
    public void Standard_input_that_is_no_recording_is_an_error_of_it()
    {
        var (code, output, error) = run.PredictFrom([], ["model.keras", "-", "a.wav", "--json", .. Options]);
        Assert.Equal(3, code);
        Assert.Contains("attn-crnn: - at byte 0: found no bytes, expected a", error, StringComparison.Ordinal);
        Assert.StartsWith("{\"path\":\"-\",\"error\":\"- at byte 0", Lines(output)[0], StringComparison.Ordinal);
        Assert.Equal(2, Lines(output).Length);
    }

    [Fact]
    [Requires("unix")]
    public void Predict_and_export_resolve_latest_to_the_run_of_the_link()
    {
        var error = run.Predict(["latest", "a.wav", .. Options]).Error;
        Assert.Contains("latest: there is no link", error, StringComparison.Ordinal);
        Directory.CreateDirectory(run.PathOf("analysis_results"));
        File.CreateSymbolicLink(run.PathOf("analysis_results", "latest"), PredictRun.Folds);
        try
        {
            var expected = run.Predict([PredictRun.Folds, "a.wav", "--json", .. Options]);
            Assert.Equal(expected, run.Predict(["latest", "a.wav", "--json", .. Options]));
            var export = BuiltProgram.Run(run.PathOf(), "export", "latest", "--to", "npz");
            Assert.Equal(2, export.Code);
            Assert.Contains("latest has 2 folds", export.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(run.PathOf("analysis_results"), recursive: true);
        }
    }

    private static string Format(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static IEnumerable<double> ReadNumbers(JsonElement array) =>
        array.EnumerateArray().Select(value => value.GetDouble());

    private static string[] Lines(string output) => output.TrimEnd('\n').Split('\n');
}
