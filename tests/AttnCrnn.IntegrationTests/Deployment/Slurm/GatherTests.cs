using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.IntegrationTests.Deployment.Slurm;

/// <summary>The combined log of a run whose tasks have separate logs.</summary>
public sealed class GatherTests
{
    [Fact]
    public void Complete_lines_are_printed_once()
    {
        using var console = CreateShell("a", "b");
        Append(console, "a", "a1\na2\na3 beg");
        Append(console, "b", "b1");

        Gather(console);
        Gather(console);
        Assert.Equal("a1\na2\n", Log(console));

        Append(console, "a", "un\n");
        Append(console, "b", "\n\nb3 is the last");
        Gather(console);
        Assert.Equal("a1\na2\na3 begun\nb1\n\n", Log(console));
    }

    [Fact]
    public void A_final_line_without_a_newline_is_printed_once()
    {
        using var console = CreateShell("a");
        Append(console, "a", "a1\nhalf");
        console.Call(new SlurmJobRunner(), "last() { gather \"$2\" end; }; last");
        Assert.Equal("a1\nhalf", Log(console));

        Append(console, "a", "more\n");
        Gather(console);
        Assert.Equal("a1\nhalf", Log(console));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void An_interrupted_copy_is_repeated_with_the_same_bytes(int copiedBytes)
    {
        using var console = CreateShell("a", "b");
        Append(console, "a", "a1\n");
        Gather(console);
        Append(console, "a", "a2 ü\n");
        Append(console, "b", "b1 is long\n");
        Gather(console);
        var content = File.ReadAllBytes(console.PathOf("remote.log"));
        Assert.Equal("a1\na2 ü\nb1 is long\n", Log(console));

        // The log as it was when only some bytes of the second part had been written.
        File.WriteAllBytes(console.PathOf("remote.log"), content[..(3 + copiedBytes)]);
        Append(console, "a", "a3\n");
        Gather(console);

        Assert.Equal("a1\na2 ü\nb1 is long\na3\n", Log(console));
    }

    [Fact]
    public async Task Concurrent_monitors_print_each_line_once()
    {
        using var console = CreateShell("a", "b");
        for (var line = 0; line < 200; line++)
        {
            Append(console, "a", $"a{line}\n");
            Append(console, "b", $"b{line}\n");
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Gather(console))));
        Assert.Equal(400, Log(console).Split('\n').Where(line => line.Length > 0).Distinct().Count());
        Assert.Equal(400, Log(console).Count(c => c == '\n'));
    }

    private static ClusterShell CreateShell(params string[] names)
    {
        var console = new ClusterShell();
        foreach (var name in names)
            Directory.CreateDirectory(console.PathOf(name));
        File.WriteAllLines(console.PathOf(".parts"), names);
        File.WriteAllText(console.PathOf("remote.log"), "");
        return console;
    }

    private static void Append(ClusterShell console, string part, string text) =>
        File.AppendAllText(Path.Combine(console.PathOf(part), "remote.log"), text);

    private static void Gather(ClusterShell console) => console.Call(new SlurmJobRunner(), "job_gather");

    private static string Log(ClusterShell console) => File.ReadAllText(console.PathOf("remote.log"));
}
