using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

public sealed class FolderWalkTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_link_to_a_folder_around_it_is_not_followed_and_is_counted()
    {
        Add("low", "1.wav");
        Add("high", "2.wav");
        Link("..", "low", "up");
        Link(Path.GetPathRoot(folder.Path)!, "high", "disk");
        var walk = FolderWalk.Create(folder.Path);
        Assert.Equal([folder.PathOf("high", "2.wav"), folder.PathOf("low", "1.wav")], walk.Files);
        Assert.Contains(": 2 links ", Assert.Single(walk.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_several_links_is_entered_once_under_its_own_path()
    {
        Add("z", "1.wav");
        Link("z", "a");
        Link("a", "latest");
        var walk = FolderWalk.Create(folder.Path);
        Assert.Equal(folder.PathOf("z", "1.wav"), Assert.Single(walk.Files));
        Assert.Contains(": 2 links ", Assert.Single(walk.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_linked_folder_outside_is_entered_once()
    {
        using var other = new TempFolder();
        File.WriteAllText(other.PathOf("1.wav"), "");
        Directory.CreateDirectory(folder.PathOf("data"));
        Link(other.Path, "data", "a");
        Link(other.Path, "data", "b");
        var walk = FolderWalk.Create(folder.Path);
        Assert.Equal(folder.PathOf("data", "a", "1.wav"), Assert.Single(walk.Files));
        Assert.Contains(folder.PathOf("data", "b"), Assert.Single(walk.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_entered_is_said_and_the_others_are_read()
    {
        Add("low", "1.wav");
        Add("lost+found", "2.wav");
        var walk = FolderWalk.Create(folder.Path, path =>
            Path.GetFileName(path) == "lost+found"
                ? throw new UnauthorizedAccessException("denied")
                : new DirectoryInfo(path).EnumerateFileSystemInfos()
        );
        Assert.Equal(folder.PathOf("low", "1.wav"), Assert.Single(walk.Files));
        Assert.Contains(": 1 folder cannot be entered", Assert.Single(walk.Notices), StringComparison.Ordinal);
        Assert.Contains(folder.PathOf("lost+found"), walk.Notices[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_cannot_be_entered_is_an_error() =>
        Assert.Contains(
            "grant read permission",
            Assert
                .Throws<InvalidInputException>(() =>
                    FolderWalk.Create(folder.Path, _ => throw new UnauthorizedAccessException("denied"))
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Hidden_files_and_folders_are_left_out()
    {
        Add("low", "._1.wav");
        Add(".cache", "2.wav");
        Assert.Empty(FolderWalk.Create(folder.Path).Files);
    }

    [Fact]
    public void Links_in_a_circle_are_files_that_are_not_there()
    {
        Link("b", "a");
        Link("a", "b");
        Assert.Equal([folder.PathOf("a"), folder.PathOf("b")], FolderWalk.Create(folder.Path).Files);
    }

    private void Add(params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(path))!);
        File.WriteAllText(folder.PathOf(path), "");
    }

    private void Link(string target, params string[] path) => Directory.CreateSymbolicLink(folder.PathOf(path), target);
}
