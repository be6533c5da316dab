using System.Diagnostics;
using AttnCrnn.Corpora.Synthetic;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Speech encoders in the built program: from the hub, from a folder, and the files left behind.</summary>
public sealed class EncoderProgramTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<string, string?> environment = [];

    public EncoderProgramTests()
    {
        DemoCorpus.Generate(PathOf("speech"), speakers: 3, clipsPerEmotion: 1);
        foreach (var name in (string[])["HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"])
            environment[name] = null;
        environment["HOME"] = PathOf("home");
        environment["TMPDIR"] = PathOf("temporary");
        environment["XDG_CACHE_HOME"] = null;
        Directory.CreateDirectory(PathOf("home"));
        Directory.CreateDirectory(PathOf("temporary"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_encoder_is_downloaded_once_and_then_found_offline()
    {
        using var hub = new FakeHub();
        environment["HF_ENDPOINT"] = $"http://127.0.0.1:{hub.Hub.Port}";
        environment["HF_HOME"] = PathOf("hub");
        RunSuccessfully(ExtractFromHub("online"));
        Assert.NotEmpty(hub.Hub.Requests);
        var requestsBefore = hub.Hub.Requests.Count;

        environment["HF_HUB_OFFLINE"] = "1";
        RunSuccessfully(ExtractFromHub("offline"));
        Assert.Equal(requestsBefore, hub.Hub.Requests.Count);
        Assert.Equal(Frames("online"), Frames("offline"));
    }

    [Fact]
    public void An_encoder_missing_offline_is_named_in_one_line()
    {
        environment["HF_HUB_OFFLINE"] = "1";
        environment["HF_HOME"] = PathOf("empty");
        var (code, _, error) = Run(ExtractFromHub("nowhere"));
        Assert.Equal(3, code);
        Assert.Contains(FakeHub.Repository, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_refuses_is_named()
    {
        using var proxy = new RefusingProxy();
        environment["HTTPS_PROXY"] = $"http://name:secret@127.0.0.1:{proxy.Port}";
        environment["NO_PROXY"] = null;
        environment["HF_HOME"] = PathOf("empty");
        var (code, _, error) = Run(ExtractFromHub("nowhere"));
        Assert.Equal(3, code);
        Assert.Contains($"the proxy 127.0.0.1:{proxy.Port} answers 407", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_predicts_recordings_with_its_encoder_and_rejects_another()
    {
        Copy(Fixtures.Path("encoders", "wav2vec2-base-like"), PathOf("encoder"));
        RunSuccessfully("extract", "speech/clips.csv", "--encoder", "encoder", "--layers", "1-3", "--out", "features");
        var run = RunOf(RunSuccessfully("train", "--data_dirs", "features", "--epochs", "1", "--quiet"));
        var clip = FindFirstClip();
        Assert.Contains("=", RunSuccessfully("predict", run, clip), StringComparison.Ordinal);

        Directory.Move(PathOf("encoder"), PathOf("moved"));
        var prediction = Run("predict", run, clip);
        Assert.True(
            prediction.Code == 3 && prediction.Error.Contains("--encoder DIR", StringComparison.Ordinal),
            prediction.Error
        );
        Assert.Equal(
            RunSuccessfully("predict", run, clip, "--encoder", "moved"),
            RunSuccessfully("predict", run, clip, "--encoder", "moved", "--threads", "1")
        );
        Copy(Fixtures.Path("encoders", "hubert-base-like"), PathOf("other"));
        Assert.Equal(3, Run("predict", run, clip, "--encoder", "other").Code);
    }

    [Fact]
    [Requires("strace")]
    public void Only_requested_files_are_written_and_no_connection_is_opened()
    {
        Copy(Fixtures.Path("encoders", "wavlm-base-like"), PathOf("encoder"));
        RunTraced("extract", "speech/clips.csv", "--encoder", "encoder", "--layers", "last", "--out", "features");
        var run = RunOf(RunTraced("train", "--data_dirs", "features", "--epochs", "1", "--quiet"));
        var clip = FindFirstClip();
        RunTraced("predict", run, clip);
        Assert.Empty(Directory.GetFileSystemEntries(PathOf("home")));
        // The runtime's debugger sockets, which a process may leave when it ends.
        Assert.All(Directory.GetFileSystemEntries(PathOf("temporary")), path =>
            Assert.Matches("^(clr-debug-pipe|dotnet-diagnostic)", Path.GetFileName(path))
        );
        Assert.Equal(
            [
                "analysis_results",
                "checkpoints",
                "encoder",
                "features",
                "home",
                "logs",
                "speech",
                "temporary",
                "test_set_usage",
            ],
            Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    [Requires("strace")]
    public void Demo_extract_and_predict_open_no_connection_with_their_defaults()
    {
        RunTraced("demo", "--epochs", "1");
        RunTraced("extract", "speech/clips.csv", "--out", "features");
        var run = RunOf(RunTraced("train", "--data_dirs", "features", "--epochs", "1", "--quiet"));
        RunTraced("predict", run, FindFirstClip());
        Assert.Empty(Directory.GetFileSystemEntries(PathOf("home")));
    }

    [Fact]
    public void A_chunk_outside_the_range_is_a_usage_error()
    {
        var (code, _, error) = Run("extract", "speech/clips.csv", "--out", "features", "--chunk", "1");
        Assert.Equal(2, code);
        Assert.Contains("--chunk 1: expected 8 to 120", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--layers last --device cuda", "GPU")]
    [InlineData("--layers 9", "0 to 4")]
    [InlineData("--layers last --revision main", "--revision")]
    public void Unsupported_options_are_rejected_with_the_reason(string flags, string expected)
    {
        Copy(Fixtures.Path("encoders", "wav2vec2-base-like"), PathOf("encoder"));
        var (code, _, error) = Run([
            "extract",
            "speech/clips.csv",
            "--encoder",
            "encoder",
            "--out",
            "features",
            .. flags.Split(' '),
        ]);
        Assert.True(code == 3 && error.Contains(expected, StringComparison.Ordinal), error);
    }

    [Fact]
    public void Int8_frames_report_their_error()
    {
        Copy(Fixtures.Path("encoders", "wav2vec2-large-like"), PathOf("encoder"));
        var (code, _, error) = Run(
            "extract",
            "speech/clips.csv",
            "--encoder",
            "encoder",
            "--layers",
            "last",
            "--out",
            "features",
            "--precision",
            "int8"
        );
        Assert.True(
            code == 0
                && error.Contains("int8: relative RMS error", StringComparison.Ordinal)
                && error.Contains("compared with float32", StringComparison.Ordinal),
            error
        );
    }

    /// <summary>The run name that train prints.</summary>
    private static string RunOf(string output) =>
        output.Split('\n').Single(line => line.StartsWith("run ", StringComparison.Ordinal))[4..].Trim();

    private static string[] ExtractFromHub(string store) =>
        ["extract", "speech/clips.csv", "--encoder", FakeHub.Repository, "--layers", "2", "--out", store];

    private string FindFirstClip() =>
        Directory.GetFiles(PathOf("speech"), "*.wav", SearchOption.AllDirectories).Order().First();

    private string PathOf(string name) => folder.PathOf(name);

    private string RunSuccessfully(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    private string RunTraced(params string[] arguments)
    {
        var (log, start) = (PathOf("trace"), Prepare(arguments));
        foreach (var word in (string[])[start.FileName, log, "-o", "trace=connect,sendto,sendmsg", "-e", "-qq", "-f"])
            start.ArgumentList.Insert(0, word);
        start.FileName = "strace";
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0, error);
        Assert.DoesNotContain(File.ReadLines(log), line => line.Contains("AF_INET", StringComparison.Ordinal));
        File.Delete(log);
        return output;
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.WaitForExit(Process.Start(Prepare(arguments))!)[0];

    private ProcessStartInfo Prepare(string[] arguments)
    {
        var start = BuiltProgram.Prepare(folder.Path, arguments);
        foreach (var (name, value) in environment)
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        return start;
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source).Where(path => Path.GetFileName(path) is not "expected.npz"))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private List<(string, float)> Frames(string store)
    {
        using var frames = AttnCrnn.Features.FeatureStore.Open([PathOf(store)]);
        return
        [
            .. Enumerable
                .Range(0, frames.Clips.Count)
                .SelectMany(clip =>
                {
                    var values = new float[frames.Clips[clip].Frames * frames.Description.Encoder.FrameWidth];
                    frames.Read(clip, values);
                    return values.Select(value => (frames.Clips[clip].Path, value));
                }),
        ];
    }
}
