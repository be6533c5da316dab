using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>
/// A lossy copy in another subset: found by the built program, refused, and reported where it is allowed.
/// </summary>
[Requires("ffmpeg")]
[Collection("ffmpeg")]
public sealed class LeakProgramTests : IDisposable
{
    private const int Clips = 12;

    private readonly TempFolder folder = new();

    public LeakProgramTests()
    {
        for (uint clip = 0; clip < Clips; clip++)
            WavWriter.Write(folder.PathOf($"{clip:00}.wav"), SyntheticUtterances.Create(clip), 16_000);
        Encode("00.wav", "11.mp3", "-b:a", "64k");
        var lines = Enumerable
            .Range(0, Clips)
            .Select(clip =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{clip:00}.{(clip == 11 ? "mp3" : "wav")},l{clip % 2},{GetSubset(clip)}"
                )
            );
        File.WriteAllLines(folder.PathOf("clips.csv"), [.. lines.Prepend("path,label,split")]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_mp3_copy_is_found_refused_and_allowed_by_name()
    {
        var (code, output, error) = Run("corpus", "clips.csv");
        Assert.True(code == 0, error);
        Assert.Contains("remedy   near_duplicates (1): ", output, StringComparison.Ordinal);

        (code, _, error) = Run("extract", "clips.csv", "--encoder", "log-mel", "--out", "store");
        Assert.True(code == 0, error);
        Assert.Contains("warning: near_duplicates: 1 pair of clips", error, StringComparison.Ordinal);

        string[] train = ["train", "--data_dirs", "store", "--epochs", "1", "--batch_size", "4"];
        (code, _, error) = Run(train);
        Assert.Equal(3, code);
        Assert.Contains("with --allow leak:near_duplicates, and the report says so", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("logs")));

        (code, _, error) = Run([.. train, "--allow", "leak:near_duplicates"]);
        Assert.True(code == 0, error);
        var metrics = Assert.Single(
            Directory.GetFiles(folder.PathOf("analysis_results"), "metrics.json", SearchOption.AllDirectories)
        );
        var json = JsonNode.Parse(File.ReadAllText(metrics))!;
        Assert.Equal("""[{"name":"near_duplicates","count":1,"allowed":true}]""", json["leaks"]!.ToJsonString());
        Assert.Contains(
            "which was allowed (near_duplicates)",
            $"{json["split"]!["description"]}",
            StringComparison.Ordinal
        );
        var report = File.ReadAllText(Path.Combine(Path.GetDirectoryName(metrics)!, "report.html"));
        Assert.Contains("which was allowed (near_duplicates)", report, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    private void Encode(string source, string destination, params string[] options)
    {
        string[] arguments = ["-v", "error", "-i", folder.PathOf(source), .. options, folder.PathOf(destination)];
        using var process = Process.Start("ffmpeg", arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string GetSubset(int clip) =>
        clip < 6 ? "train"
        : clip < 9 ? "validation"
        : "test";
}
