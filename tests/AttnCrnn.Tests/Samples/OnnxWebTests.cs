using System.Text;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;
using AttnCrnn.Tests.HuggingFace;
using AttnCrnn.Tests.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Samples;

/// <summary>samples/onnx-web as somebody uses it: the page in headless Chromium is given a recording, and shows what predict says.</summary>
[Requires("chromium", "onnx-web")]
public sealed class OnnxWebTests : IDisposable
{
    private const double Tolerance = 1e-4;

    // Puts a recording into the page's own file chooser, and sends back the rows that it then shows.
    private const string Visitor = """
        <!doctype html><meta charset="utf-8"><iframe id="page" src="/index.html?model=model.onnx"></iframe><script type="module">
        const page = await new Promise(loaded => { const of = document.getElementById("page"); of.onload = () => loaded(of.contentDocument); });
        const until = async ready => { for (;;) { const of = ready(); if (of) return of; await new Promise(next => setTimeout(next, 20)); } };
        const status = page.getElementById("status"), input = page.getElementById("recording");
        await until(() => !status.textContent.startsWith("Loading"));
        if (!input.disabled) {
          const given = new DataTransfer();
          given.items.add(new File([await (await fetch("/clip.wav")).arrayBuffer()], "clip.wav"));
          input.files = given.files;
          input.dispatchEvent(new Event("change"));
          await until(() => status.textContent !== "Ready." && status.textContent !== "Listening…");
        }
        const rows = [...page.querySelectorAll("#probabilities tr")].map(row => [row.cells[0].textContent, Number(row.dataset.probability)]);
        await fetch("/said", { method: "POST", headers: { "X-Said": encodeURIComponent(JSON.stringify({ status: status.textContent, rows: Object.fromEntries(rows) })) } });
        </script>
        """;

    private readonly TempFolder folder = new();

    private string ModelPath => folder.At("model.onnx");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, long.MaxValue)]
    [InlineData("wavlm-base-like", 0)] // its weights in a file beside the model
    [InlineData("whisper-tiny.en", long.MaxValue)] // inside the program, and in one file
    public void The_page_shows_what_predict_says(string? checkpoint, long mostBytesWithin)
    {
        using IEncoder encoder = checkpoint switch
        {
            null => new LogMelEncoder(),
            EncoderCatalog.Default => EncoderCatalog.Open(new(checkpoint), _ => { }),
            _ => new SpeechEncoder(Fixtures.Path("encoders", checkpoint), "tiny", "1", new SpeechOptions("all")),
        };
        var encoderDescription = encoder.Description;
        var made = MadeModel.Of(
            new NetworkOptions(encoderDescription.Width, 5) { Layers = encoderDescription.LayerCount },
            seed: 6,
            encoder: encoderDescription
        );
        OnnxExporter.ExportWaveformModel(
            ModelPath,
            made.Model,
            made.Tensors,
            encoder,
            quantizeInt8: false,
            mostBytesWithin
        );
        // Float samples: Chromium scales positive samples of 16 bits by 1/32767, which shows where a recording has bands without sound.
        var recording = Fixtures.Path("audio", "mono16k_float.wav");
        using var predictor = made.Load(folder.Path);
        var expected = predictor.Predict([encoder.Encode(AudioReader.Read(recording).Samples)])[0];

        var said = Visit(recording);

        Assert.StartsWith("clip.wav: 0.5 s, ", said.Status, StringComparison.Ordinal);
        Assert.Equal(made.Model.Labels.Order(StringComparer.Ordinal), said.Rows.Keys.Order(StringComparer.Ordinal));
        for (var k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], said.Rows[made.Model.Labels[k]], Tolerance);
    }

    [Fact]
    public void A_model_of_frames_is_refused_with_the_remedy()
    {
        var made = MadeModel.Of(new NetworkOptions(80, 5), seed: 6);
        OnnxExporter.ExportFeatureModel(ModelPath, made.Model, made.Tensors);
        Assert.Equal(
            "model.onnx takes frames, not sound: export it with --waveform.",
            Visit(Fixtures.Path("audio", "mono16k_pcm_16.wav")).Status
        );
    }

    private Said Visit(string recording)
    {
        var sample = Repository.Path("samples", "onnx-web");
        var said = new TaskCompletionSource<Said>();
        using var server = new HubServer(request =>
        {
            var path = request.Path.Split('?')[0];
            if (path == "/said")
                said.TrySetResult(
                    JsonSerializer.Deserialize<Said>(
                        Uri.UnescapeDataString(request.Header("X-Said")!),
                        JsonSerializerOptions.Web
                    )!
                );
            if (path == "/visitor")
                return Reply(".html", Encoding.UTF8.GetBytes(Visitor));
            var file =
                path == "/clip.wav" ? recording
                : path.StartsWith("/model.onnx", StringComparison.Ordinal) ? folder.At(path[1..])
                : Path.Combine(sample, path[1..]);
            return File.Exists(file) ? Reply(Path.GetExtension(file), File.ReadAllBytes(file)) : HubReply.Of(404);
        });
        using var browser = HeadlessChromium.Open($"http://127.0.0.1:{server.Port}/visitor", folder);
        return said.Task.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
            ? said.Task.Result
            : throw new TimeoutException($"the page said nothing; Chromium: {browser.Complaints}");
    }

    private static HubReply Reply(string extension, byte[] body) =>
        HubReply.Of(
            200,
            (
                "Content-Type",
                extension switch
                {
                    ".html" => "text/html",
                    ".js" or ".mjs" => "text/javascript",
                    ".wasm" => "application/wasm",
                    _ => "application/octet-stream",
                }
            )
        ) with
        {
            Body = body,
        };

    /// <summary>What the page shows in the end.</summary>
    private sealed record Said(string Status, Dictionary<string, double> Rows);
}
