using PublicApiGenerator;

namespace AttnCrnn.Tests;

/// <summary>What the library promises to programs that use it, so that a change of it is seen and meant.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    private static string Listing => Path.Combine(Shared.RepositoryRoot, "tests", "AttnCrnn.Tests", "PublicApi.txt");

    [Fact]
    public void The_public_api_is_the_one_that_is_checked_in()
    {
        var now = typeof(AttnCrnn.Formats.RefusedException).Assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n") + "\n";
        var then = File.Exists(Listing) ? File.ReadAllText(Listing).ReplaceLineEndings("\n") : "";
        if (now == then) return;
        var given = Path.Combine(AppContext.BaseDirectory, "PublicApi.now.txt");
        File.WriteAllText(given, now);
        Assert.Fail($"The public API is not the one in {Listing}. If that is meant, say so in the commit and copy it there: cp {given} {Listing}\n{FirstDifference(then, now)}");
    }

    private static string FirstDifference(string then, string now)
    {
        var (old, fresh) = (then.Split('\n'), now.Split('\n'));
        var at = old.Zip(fresh).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {at + 1}: '{old.ElementAtOrDefault(at)?.Trim()}' has become '{fresh.ElementAtOrDefault(at)?.Trim()}'";
    }
}
