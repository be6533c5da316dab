using System.Security.Cryptography;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Published classifiers in the built program: from the hub and from a folder.</summary>
public sealed class ClassifierProgramTests : IDisposable
{
    private const string Name = "superb/hubert-large-superb-er";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly string Checkpoint = Fixtures.Path("encoders", "heads", "hubert-large-superb-like");
    private static readonly string Recording = Fixtures.Path("audio", "mono16k_pcm_16.wav");

    private readonly TempFolder folder = new();
    private readonly Dictionary<string, string?> environment = new()
    {
        ["HF_TOKEN"] = null,
        ["HF_HUB_CACHE"] = null,
        ["HF_HUB_OFFLINE"] = null,
    };

    public ClassifierProgramTests()
    {
        environment["HF_HOME"] = folder.PathOf("hub");
        foreach (var file in Directory.GetFiles(Checkpoint))
            if (Path.GetExtension(file) != ".npz")
                File.Copy(file, Path.Combine(Directory.CreateDirectory(folder.PathOf("local")).FullName, NameOf(file)));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_repository_predicts_after_one_download()
    {
        using var hub = new HubServer(Answer);
        environment["HF_ENDPOINT"] = $"http://127.0.0.1:{hub.Port}";

        var online = Run("predict", Name, Recording, "--json");

        Assert.True(online.Code == 0, online.Error);
        Assert.Contains("trained on IEMOCAP, as its authors say", online.Error, StringComparison.Ordinal);
        environment["HF_HUB_OFFLINE"] = "1";
        Assert.Equal(online.Output, Run("predict", Name, Recording, "--json").Output);
        Assert.Equal(Probabilities(online.Output), Probabilities(Run("predict", "local", Recording, "--json").Output));
    }

    [Fact]
    public void A_repository_is_exported_into_the_current_folder()
    {
        using var hub = new HubServer(Answer);
        environment["HF_ENDPOINT"] = $"http://127.0.0.1:{hub.Port}";

        var (code, output, error) = Run("export", Name, "--to", "onnx", "--waveform");

        Assert.True(code == 0, error);
        Assert.Equal("hubert-large-superb-er.waveform.onnx", output.Trim());
        using var session = OnnxSession.Load(folder.PathOf(output.Trim()), threads: 1);
        Assert.Equal(
            (Name, Commit, "IEMOCAP"),
            (session.Metadata["classifier"], session.Metadata["classifier_revision"], session.Metadata["training_data"])
        );
        var samples = AudioReader.Read(Recording).Samples;
        var expected = Probabilities(Run("predict", Name, Recording, "--json").Output);
        var labels = JsonSerializer.Deserialize<string[]>(session.Metadata["labels"])!;
        Assert.All(labels.Zip(session.Run(("samples", samples, [samples.Length]))), pair =>
            Assert.Equal(expected[pair.First], pair.Second, 1e-4)
        );
    }

    [Fact]
    public void A_folder_is_exported_beside_itself_and_a_second_time_the_file_is_said_to_be_replaced()
    {
        Assert.Equal(0, Run("export", "local", "--to", "onnx", "--waveform").Code);
        Assert.True(File.Exists(folder.PathOf("local.waveform.onnx")), "no model was written");
        Assert.Contains(
            "replaced, the file existed",
            Run("export", "local", "--to", "onnx", "--waveform", "--raw_labels").Error,
            StringComparison.Ordinal
        );
        using var session = OnnxSession.Load(folder.PathOf("local.waveform.onnx"), threads: 1);
        Assert.Equal("""["neu","hap","ang","sad"]""", session.Metadata["labels"]);
    }

    [Theory]
    [InlineData("--to onnx", "export it with --to onnx --waveform")]
    [InlineData("--to npz", "export it with --to onnx --waveform")]
    [InlineData("--to onnx --waveform --quantize int8", "--quantize: local is a published classifier")]
    [InlineData("--to onnx --waveform --layers 2 --labels a,b", "--layers, --labels: local is a published classifier")]
    [InlineData("--to onnx --waveform --revision main", "--revision main: local is a folder and has no revisions")]
    public void What_does_not_apply_to_a_classifier_is_refused(string options, string expected)
    {
        var (code, _, error) = Run(["export", "local", .. options.Split(' ')]);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.NotEqual(0, code);
        Assert.False(File.Exists(folder.PathOf("local.waveform.onnx")), "a file was written");
    }

    [Fact]
    public void Without_a_network_the_folder_is_the_remedy_and_not_an_encoder()
    {
        environment["HF_HUB_OFFLINE"] = "1";
        var (code, _, error) = Run("predict", Name, Recording);
        Assert.Equal(3, code);
        Assert.Contains("or give the checkpoint's folder instead of the repository", error, StringComparison.Ordinal);
        Assert.DoesNotContain("--encoder", error, StringComparison.Ordinal);
        Assert.DoesNotContain("whisper-tiny.en", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local")]
    [InlineData(Name)]
    public void An_evaluation_without_recordings_asks_for_them(string name)
    {
        var (code, _, error) = Run("evaluate", name);
        Assert.Equal(2, code);
        Assert.Contains("with --data_dirs", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export", "local/model.safetensors")]
    [InlineData("export", "local/config.json")]
    [InlineData("export", "link")]
    [InlineData("predict", "local/model.safetensors")]
    [InlineData("predict", "local/config.json")]
    [InlineData("predict", "link")]
    public void The_files_of_the_checkpoint_are_not_overwritten(string command, string output)
    {
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("local", "model.safetensors"));
        var bytes = File.ReadAllBytes(folder.PathOf(output));

        string[] arguments = command == "export" ? ["--to", "onnx", "--waveform"] : [Recording];
        var (code, _, error) = Run([command, "local", .. arguments, "--out", output]);

        Assert.Equal(3, code);
        Assert.Contains("choose another file with --out", error, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(folder.PathOf(output)));
    }

    [Fact]
    public void An_exported_model_in_the_checkpoint_folder_is_replaced()
    {
        string[] arguments = ["export", "local", "--to", "onnx", "--waveform", "--out", "local/model.onnx"];
        Assert.Equal(0, Run(arguments).Code);
        Assert.Equal(0, Run(arguments).Code);
    }

    [Fact]
    public void A_recording_as_the_model_is_refused_with_what_it_is()
    {
        var (code, _, error) = Run("export", Recording, "--to", "onnx", "--waveform");
        Assert.Equal(3, code);
        Assert.Contains("this is a recording", error, StringComparison.Ordinal);
    }

    private static string NameOf(string path) => Path.GetFileName(path);

    private static Dictionary<string, double> Probabilities(string output) =>
        JsonDocument
            .Parse(output)
            .RootElement.GetProperty("probabilities")
            .EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble());

    // The files of the checkpoint, as the hub answers for a branch or a commit.
    private static HubReply Answer(HubRequest request)
    {
        var file = Path.Combine(Checkpoint, NameOf(request.Path.Split('?')[0]));
        if (!File.Exists(file))
            return HubReply.Create(404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", Commit));
        var bytes = File.ReadAllBytes(file);
        var etag = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return HubReply.Create(200, ("X-Repo-Commit", Commit), ("ETag", $"\"{etag}\"")) with { Body = bytes };
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = BuiltProgram.Prepare(folder.Path, arguments);
        foreach (var (name, value) in environment)
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        return BuiltProgram.WaitForExit(System.Diagnostics.Process.Start(start)!)[0];
    }
}
