using AttnCrnn.Remote;

namespace AttnCrnn.Tests.Remote;

/// <summary>The log of a run whose parts have logs of their own.</summary>
public sealed class GatherTests
{
    [Fact]
    public void Lines_come_when_they_are_whole_and_once()
    {
        using var shell = Parts("a", "b");
        Append(shell, "a", "a1\na2\na3 beg");
        Append(shell, "b", "b1");

        Gather(shell);
        Gather(shell);
        Assert.Equal("a1\na2\n", Log(shell));

        Append(shell, "a", "un\n");
        Append(shell, "b", "\n\nb3 is the last");
        Gather(shell);
        Assert.Equal("a1\na2\na3 begun\nb1\n\n", Log(shell));
    }

    [Fact]
    public void The_last_time_a_line_without_an_end_comes_too_and_then_nothing_more()
    {
        using var shell = Parts("a");
        Append(shell, "a", "a1\nhalf");
        shell.Call(new SlurmKeeper(), "last() { gather \"$2\" end; }; last");
        Assert.Equal("a1\nhalf", Log(shell));

        Append(shell, "a", "more\n");
        Gather(shell);
        Assert.Equal("a1\nhalf", Log(shell));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void What_was_killed_while_it_copied_is_done_again_from_the_same_bytes(int copied)
    {
        using var shell = Parts("a", "b");
        Append(shell, "a", "a1\n");
        Gather(shell);
        Append(shell, "a", "a2 ü\n");
        Append(shell, "b", "b1 is long\n");
        Gather(shell);
        var whole = File.ReadAllBytes(shell.At("remote.log"));
        Assert.Equal("a1\na2 ü\nb1 is long\n", Log(shell));

        // As it stood when no more than some bytes of the second piece were there; meanwhile more was written.
        File.WriteAllBytes(shell.At("remote.log"), whole[..(3 + copied)]);
        Append(shell, "a", "a3\n");
        Gather(shell);

        Assert.Equal("a1\na2 ü\nb1 is long\na3\n", Log(shell));
    }

    [Fact]
    public async Task Many_at_once_bring_each_line_once()
    {
        using var shell = Parts("a", "b");
        for (var line = 0; line < 200; line++)
        {
            Append(shell, "a", $"a{line}\n");
            Append(shell, "b", $"b{line}\n");
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Gather(shell))));
        Assert.Equal(400, Log(shell).Split('\n').Where(line => line.Length > 0).Distinct().Count());
        Assert.Equal(400, Log(shell).Count(c => c == '\n'));
    }

    private static ClusterShell Parts(params string[] names)
    {
        var shell = new ClusterShell();
        foreach (var name in names) Directory.CreateDirectory(shell.At(name));
        File.WriteAllLines(shell.At(".parts"), names);
        File.WriteAllText(shell.At("remote.log"), "");
        return shell;
    }

    private static void Append(ClusterShell shell, string part, string text) => File.AppendAllText(Path.Combine(shell.At(part), "remote.log"), text);

    private static void Gather(ClusterShell shell) => shell.Call(new SlurmKeeper(), "keeper_gather");

    private static string Log(ClusterShell shell) => File.ReadAllText(shell.At("remote.log"));
}
