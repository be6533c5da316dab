using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Cli;

/// <summary>Outputs that cannot be written, and remedies that work for the command.</summary>
public sealed class OutputErrorTests : IDisposable
{
    private readonly TempFolder folder = new();

    public OutputErrorTests() =>
        WavWriter.Write(
            folder.PathOf("a.wav"),
            [.. Enumerable.Range(0, 16_000).Select(i => 0.5f * MathF.Sin(i * 0.1f))],
            16_000
        );

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_full_standard_output_is_named()
    {
        using var error = new StringWriter();
        var console = new ConsoleOutput(new FullWriter(), error);
        Assert.Equal(3, await Application.RunAsync(["corpus", folder.PathOf("a.wav")], console));
        Assert.EndsWith(
            "attn-crnn: standard output: cannot be written (the disk is full); free space, or redirect it to another "
                + "place",
            error.ToString().TrimEnd(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_full_standard_error_changes_neither_results_nor_exit_code()
    {
        using var output = new StringWriter();
        var console = new ConsoleOutput(output, new FullWriter());
        Assert.Equal(0, await Application.RunAsync(["corpus", folder.PathOf("a.wav")], console));
        Assert.Contains("1 clip", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await Application.RunAsync(["corpus", folder.PathOf("none.wav")], console));
    }

    [Theory]
    [InlineData("compare", "a", "b")]
    [InlineData("show", "a")]
    public async Task A_page_needs_the_name_of_a_page(params string[] arguments)
    {
        var page = folder.PathOf("page.txt");
        var (code, _, error) = await InProcessProgram.RunAsync([.. arguments, "--out", page]);
        Assert.Equal(2, code);
        Assert.Contains("choose a name that ends with .html", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_of_the_file_and_not_of_its_temporary_name()
    {
        var path = folder.PathOf("shard.safetensors");
        var exception = Assert.Throws<FileWriteException>(() =>
            AtomicFile.Write(path, _ => throw FullWriter.CreateError())
        );
        Assert.Equal(path, exception.File);
        Assert.Equal($"{path}: cannot be written (the disk is full)", exception.Message);
        Assert.Equal([folder.PathOf("a.wav")], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("evaluate", "owner/name", "--data_dirs")]
    [InlineData("corpus")]
    public async Task The_remedy_is_one_of_the_command(params string[] command)
    {
        File.WriteAllText(folder.PathOf("clips.csv"), "path,label\na.wav,sad\na.wav,angry\n");
        var (code, _, error) = await InProcessProgram.RunAsync([.. command, folder.PathOf("clips.csv")]);
        Assert.Equal(3, code);
        Assert.Contains("(--keep first)", error, StringComparison.Ordinal);
        Assert.Equal(
            command[0] == "evaluate",
            error.Contains(
                "--keep is an option of corpus: write a manifest with corpus SOURCE --keep VALUE --out clips.csv, "
                    + "and pass it to evaluate instead",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task Notices_spell_options_as_the_program_does()
    {
        Directory.CreateDirectory(folder.PathOf("data", "wav"));
        File.Copy(folder.PathOf("a.wav"), folder.PathOf("data", "wav", "a.wav"));
        var (code, output, error) = await InProcessProgram.RunAsync("corpus", folder.PathOf("data"), "--quiet");
        Assert.Equal(0, code);
        Assert.Contains("(--labels_from takes them from paths)", error, StringComparison.Ordinal);
        Assert.Contains("data: 1 clip, 0 speakers, ", output, StringComparison.Ordinal);
        var corpus = CorpusReader.Read([folder.PathOf("data")]);
        Assert.Contains("(labels_from takes them from paths)", corpus.Notices[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_no_missing_file() =>
        Assert.StartsWith(
            "the name is not UTF-8",
            MissingPath.Describe("d\uFFFD/a.wav", "x"),
            StringComparison.Ordinal
        );

    /// <summary>A writer to a full disk.</summary>
    private sealed class FullWriter : StringWriter
    {
        private const int LinuxNoSpace = 28; // ENOSPC
        private const int WindowsNoSpace = unchecked((int)0x80070070);

        public static IOException CreateError() =>
            new("No space left on device", OperatingSystem.IsWindows() ? WindowsNoSpace : LinuxNoSpace);

        public override void WriteLine(string? value) => throw CreateError();
    }
}
