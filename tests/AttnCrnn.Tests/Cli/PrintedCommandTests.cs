using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Tests.Cli;

/// <summary>Commands in messages, which users paste into a shell in the current folder.</summary>
public sealed class PrintedCommandTests
{
    private static readonly ProgramName Program = new()
    {
        Script = null,
        Process = "/opt/attn/attn-crnn",
        Assembly = "/opt/attn/attn-crnn.dll",
        OnPath = null,
        Folder = "/home/me",
    };

    [Theory]
    [Requires("unix")]
    [InlineData("/data", "/data", "")]
    [InlineData("/data", "/data/runs", "--workdir runs")]
    [InlineData("/data", "/other", "--workdir /other")]
    public void The_working_folder_is_named_unless_it_is_the_current_one(
        string current,
        string folder,
        string expected
    ) => Assert.Equal(expected, string.Join(' ', PrintedCommand.FormatWorkFolder(folder, current)));

    [Fact]
    [Requires("unix")]
    public void A_command_is_quoted_for_a_shell() =>
        Assert.EndsWith(
            "train --resume r --workdir '/a b/it'\\''s' --fold 2",
            PrintedCommand.FormatResume("/a b/it's", "r", "--fold", "2"),
            StringComparison.Ordinal
        );

    [Fact]
    [Requires("unix")]
    public void A_program_outside_of_PATH_is_named_by_its_path()
    {
        Assert.Equal(["/opt/attn/attn-crnn"], Program.Words);
        Assert.Equal(["./bin/attn-crnn"], (Program with { Process = "/home/me/bin/attn-crnn" }).Words);
    }

    [Fact]
    [Requires("unix")]
    public void A_program_in_PATH_is_named_without_its_folder()
    {
        using var folder = new TempFolder();
        var program = folder.PathOf("attn-crnn");
        File.WriteAllText(program, "");
        Directory.CreateDirectory(folder.PathOf("bin"));
        var link = File.CreateSymbolicLink(folder.PathOf("bin", "attn-crnn"), program).FullName;
        var linked = Program with { Process = program };
        Assert.Equal(["attn-crnn"], (linked with { OnPath = link }).Words);
        var other = folder.PathOf("bin", "other");
        File.WriteAllText(other, "");
        Assert.Equal([program], (linked with { OnPath = other }).Words);
    }

    [Fact]
    [Requires("unix")]
    public void A_script_that_builds_the_program_and_dotnet_are_named()
    {
        Assert.Equal(["./attn-crnn"], (Program with { Script = "/home/me/attn-crnn" }).Words);
        Assert.Equal(["dotnet", "/opt/attn/attn-crnn.dll"], (Program with { Process = "/usr/bin/dotnet" }).Words);
        Assert.Equal(["attn-crnn"], (Program with { Process = "/usr/bin/host" }).Words);
    }
}
