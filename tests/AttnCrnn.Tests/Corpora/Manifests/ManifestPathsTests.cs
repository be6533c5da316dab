namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestPathsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/home/other/data/rec/a.wav")]
    [InlineData("C:\\Users\\other\\rec\\a.wav")]
    [InlineData("D:/data/rec/a.wav")]
    public void Where_the_recordings_of_another_computer_are_here_is_said(string cell)
    {
        Directory.CreateDirectory(folder.PathOf("rec"));
        File.WriteAllText(folder.PathOf("rec", "a.wav"), "");
        var (clips, notices) = folder.Read($"path\n{cell}\n");
        Assert.False(File.Exists(clips[0].Path));
        Assert.Equal(
            $"clips.csv: 1 paths are absolute, of which '{cell}' is not there: rec/a.wav is, below the folder of the "
                + "manifest: remove what is before it in the paths",
            Assert.Single(notices)
        );
        File.Delete(folder.PathOf("rec", "a.wav"));
        Assert.Contains(
            "make them relative to the folder of the manifest",
            Assert.Single(folder.Read($"path\n{cell}\n").Notices),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Absolute_paths_that_are_there_are_not_mentioned()
    {
        File.WriteAllText(folder.PathOf("a.wav"), "");
        Assert.Empty(folder.Read($"path\n{folder.PathOf("a.wav")}\n").Notices);
    }

    [Fact]
    public void Addresses_are_not_downloaded_and_that_is_said() =>
        Assert.Contains(
            "1 recordings are addresses (for example 'https://example.org/a.wav'), which are not downloaded",
            Assert.Single(folder.Read("path\nhttps://example.org/a.wav\n").Notices),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_address_of_a_file_is_its_path() =>
        Assert.Equal(
            folder.PathOf("a b.wav"),
            folder.Read($"path\nfile://{folder.PathOf("a%20b.wav").Replace('\\', '/')}\n").Clips[0].Path
        );

    [Theory]
    [InlineData("a.wav,angry\nb.wav,sad\n", "clips.csv")]
    [InlineData("a.wav\nb.wav\n", "clips.txt")]
    public void A_list_without_the_names_of_columns_is_refused_with_the_line_to_add(string text, string name) =>
        Assert.Contains(
            "put a line with the names of the columns before the first recording, such as path,label",
            Assert.Throws<InvalidFileException>(() => folder.Read(text, name)).Message,
            StringComparison.Ordinal
        );
}
