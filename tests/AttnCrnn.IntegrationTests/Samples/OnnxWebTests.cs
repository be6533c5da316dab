using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>
/// samples/onnx-web in headless Chromium: the page is given a recording and shows the predictions of predict.
/// </summary>
[Requires("chromium", "onnx-web")]
public sealed class OnnxWebTests : IDisposable
{
    private const double Tolerance = 1e-4;

    // Puts a recording into the page's file input and sends back the rows that the page then shows.
    private const string Visitor = """
        <!doctype html><meta charset="utf-8"><iframe id="page" src="/index.html?model=model.onnx"></iframe>
        <script type="module">
        const frame = document.getElementById("page");
        const page = await new Promise(loaded => { frame.onload = () => loaded(frame.contentDocument); });
        const until = async condition => {
          while (!condition()) await new Promise(next => setTimeout(next, 20));
        };
        const status = page.getElementById("status"), input = page.getElementById("recording");
        await until(() => !status.textContent.startsWith("Loading"));
        if (!input.disabled) {
          const transfer = new DataTransfer();
          transfer.items.add(new File([await (await fetch("/clip.wav")).arrayBuffer()], "clip.wav"));
          input.files = transfer.files;
          input.dispatchEvent(new Event("change"));
          await until(() => status.textContent !== "Ready." && status.textContent !== "Listening…");
        }
        const rows = [...page.querySelectorAll("#predictions tr")]
          .map(row => [row.cells[0].textContent, Number(row.dataset.output)]);
        const result = JSON.stringify({
          status: status.textContent,
          rows: Object.fromEntries(rows),
          footer: page.getElementById("model").textContent,
        });
        await fetch("/result", { method: "POST", headers: { "X-Result": encodeURIComponent(result) } });
        </script>
        """;

    private readonly TempFolder folder = new();

    private string ModelPath => folder.PathOf("model.onnx");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, long.MaxValue)]
    [InlineData("wavlm-base-like", 0)] // weights in a file beside the model
    [InlineData("whisper-tiny.en", long.MaxValue)] // built into the program, and in one file
    [InlineData("whisper-tiny.en", long.MaxValue, NetworkVersion.V2Statistics)]
    [InlineData(null, long.MaxValue, NetworkVersion.V2, TemporalPooling.Attentive)]
    public void The_page_shows_the_probabilities_of_predict(
        string? checkpoint,
        long maxEmbeddedBytes,
        NetworkVersion version = NetworkVersion.V2,
        TemporalPooling pooling = TemporalPooling.Mean
    )
    {
        using IEncoder encoder = checkpoint switch
        {
            null => new LogMelEncoder(),
            EncoderCatalog.Default => EncoderCatalog.Open(new(checkpoint), _ => { }),
            _ => new SpeechEncoder(Fixtures.Path("encoders", checkpoint), "tiny", "1", new SpeechOptions("all")),
        };
        var encoderDescription = encoder.Description;
        var modelBuilder = RandomModelBuilder.Create(
            new NetworkOptions(encoderDescription.Width, 5)
            {
                EncoderLayers = encoderDescription.LayerCount,
                Version = version,
                Pooling = pooling,
            },
            seed: 6,
            encoder: encoderDescription
        );
        OnnxExporter.ExportWaveformModel(
            ModelPath,
            modelBuilder.Model,
            modelBuilder.Tensors,
            encoder,
            quantizeInt8: false,
            maxEmbeddedBytes
        );
        // Float samples: Chromium scales positive 16-bit samples by 1/32767, which matters if a recording has silent
        // bands.
        var recording = Fixtures.Path("audio", "mono16k_float.wav");
        using var predictor = modelBuilder.Load(folder.Path);
        var expected = predictor.Predict([encoder.Encode(AudioReader.Read(recording).Samples)])[0];

        var result = Visit(recording);

        Assert.StartsWith("clip.wav: 0.5 s, ", result.Status, StringComparison.Ordinal);
        Assert.Equal(
            modelBuilder.Model.Labels.Order(StringComparer.Ordinal),
            result.Rows.Keys.Order(StringComparer.Ordinal)
        );
        for (var k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], result.Rows[modelBuilder.Model.Labels[k]], Tolerance);
    }

    [Theory]
    [InlineData("hubert-large-superb-like", "hubert", long.MaxValue)]
    [InlineData("wavlm-large-weighted", "wavlm", 0)] // weights in a file beside the model
    [InlineData("audeering-dimensional", "wav2vec2", long.MaxValue)] // values
    public async Task The_page_shows_what_a_published_classifier_predicts(
        string checkpoint,
        string modelType,
        long maxEmbeddedBytes
    )
    {
        using var classifier = await SpeechClassifier.OpenAsync(
            Fixtures.Path("encoders", "heads", checkpoint),
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        );
        OnnxClassifierExporter.Export(classifier, ModelPath, maxEmbeddedBytes);
        var recording = Fixtures.Path("audio", "mono16k_float.wav");
        var expected = classifier.Predict(AudioReader.Read(recording).Samples);

        var result = Visit(recording);

        Assert.StartsWith("clip.wav: 0.5 s, ", result.Status, StringComparison.Ordinal);
        Assert.Equal(classifier.Labels.Order(StringComparer.Ordinal), result.Rows.Keys.Order(StringComparer.Ordinal));
        for (var k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], result.Rows[classifier.Labels[k]], Tolerance);
        Assert.Contains($"({modelType}); training data: unknown", result.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_model_is_rejected_with_the_remedy()
    {
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(80, 5), seed: 6);
        OnnxExporter.ExportFeatureModel(ModelPath, modelBuilder.Model, modelBuilder.Tensors);

        var result = Visit(Fixtures.Path("audio", "mono16k_pcm_16.wav"));

        Assert.StartsWith("model.onnx ", result.Status, StringComparison.Ordinal);
        Assert.Contains("--waveform", result.Status, StringComparison.Ordinal);
        Assert.Empty(result.Rows);
    }

    private PageResult Visit(string recording)
    {
        var sample = Repository.Path("samples", "onnx-web");
        var result = new TaskCompletionSource<PageResult>();
        using var server = new HubServer(request =>
        {
            var path = request.Path.Split('?')[0];
            if (path == "/result")
                result.TrySetResult(
                    JsonSerializer.Deserialize<PageResult>(
                        Uri.UnescapeDataString(request.Header("X-Result")!),
                        JsonSerializerOptions.Web
                    )!
                );
            if (path == "/visitor")
                return Reply(".html", Encoding.UTF8.GetBytes(Visitor));
            var file =
                path == "/clip.wav" ? recording
                : path.StartsWith("/model.onnx", StringComparison.Ordinal) ? folder.PathOf(path[1..])
                : Path.Combine(sample, path[1..]);
            return File.Exists(file) ? Reply(Path.GetExtension(file), File.ReadAllBytes(file)) : HubReply.Create(404);
        });
        using var browser = HeadlessChromium.Open($"http://127.0.0.1:{server.Port}/visitor", folder);
        return result.Task.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
            ? result.Task.Result
            : throw new TimeoutException($"the page sent no result; Chromium: {browser.Errors}");
    }

    private static HubReply Reply(string extension, byte[] body) =>
        HubReply.Create(
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

    /// <summary>The page's final state.</summary>
    [SuppressMessage(
        "Performance",
        "CA1812:Avoid uninstantiated internal classes",
        Justification = "Created by JsonSerializer."
    )]
    private sealed record PageResult(string Status, Dictionary<string, double> Rows, string Footer);
}
