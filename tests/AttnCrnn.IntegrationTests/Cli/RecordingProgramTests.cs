using System.Diagnostics;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>What the built program says about recordings that it cannot read.</summary>
public sealed class RecordingProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public RecordingProgramTests() => WriteTone(folder.PathOf("glad", "1.wav"));

    public void Dispose()
    {
        // .NET cannot delete names that are not UTF-8.
        if (OperatingSystem.IsLinux())
            RunShell("rm -rf \"$0\"");
        folder.Dispose();
    }

    [Theory]
    [InlineData("lossy.mp3", "found an MP3 recording")]
    [InlineData("lossy.m4a", "found an MP4 or M4A recording")]
    [InlineData("lossy.ogg", "found an Ogg recording")]
    public void Without_ffmpeg_the_format_and_the_remedy_are_named(string name, string expected)
    {
        // Whatever it is called.
        File.Copy(Fixtures.Path("audio", name), folder.PathOf("glad", "2.wav"));
        var (code, output, _) = Run(searchPath: folder.Path);
        Assert.Equal(3, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains(
            "ffmpeg, which reads other formats, is not installed",
            Unwrap(output),
            StringComparison.Ordinal
        );
        Assert.Contains("sudo apt-get install ffmpeg", Unwrap(output), StringComparison.Ordinal);
    }

    [Fact]
    [Requires("linux")]
    public void A_recording_whose_name_is_not_UTF8_is_named_as_such()
    {
        // As a program with another encoding writes "für.wav".
        RunShell("cp \"$0\"/1.wav \"$0\"/$'f\\xfcr.wav'");
        var (code, output, error) = Run();
        var messages = Unwrap(output + error);
        Assert.Contains("not UTF-8", messages, StringComparison.Ordinal);
        Assert.Contains("convmv -f latin1 -t utf8", messages, StringComparison.Ordinal);
        Assert.InRange(code, 0, 3);
    }

    [Fact]
    [Requires("linux")]
    public void A_folder_whose_name_is_not_UTF8_is_not_left_out_in_silence()
    {
        RunShell("mkdir \"$0\"/$'f\\xfcr'; cp \"$0\"/1.wav \"$0\"/$'f\\xfcr'/2.wav");
        var (_, output, error) = Run();
        Assert.Contains("not UTF-8", Unwrap(output + error), StringComparison.Ordinal);
    }

    [Fact]
    public void The_channel_is_chosen_on_the_command_line()
    {
        var (code, output, _) = Run(options: ["--channel", "2"]);
        Assert.Equal(3, code);
        Assert.Contains("channel 2 was asked for", Unwrap(output), StringComparison.Ordinal);
        Assert.Equal(0, Run(options: ["--channel", "loudest"]).Code);
        Assert.Equal(2, Run(options: ["--channel", "left"]).Code);
    }

    private static string Unwrap(string text) =>
        text.ReplaceLineEndings(" ").Replace("         ", "", StringComparison.Ordinal);

    private static void WriteTone(string path)
    {
        float[] tone = [.. Enumerable.Range(0, 16_000).Select(i => 0.5f * MathF.Sin(i * 0.1f))];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WavWriter.Write(path, tone, 16_000);
    }

    /// <param name="script">With the folder of the recordings as <c>$0</c>.</param>
    private void RunShell(string script)
    {
        using var process = Process.Start("bash", ["-c", script, folder.PathOf("glad")]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private (int Code, string Output, string Error) Run(string? searchPath = null, params string[] options)
    {
        var start = BuiltProgram.Prepare(folder.Path, ["corpus", ".", .. options]);
        if (searchPath is not null)
            start.Environment["PATH"] = searchPath;
        return BuiltProgram.WaitForExit(Process.Start(start)!)[0];
    }
}
