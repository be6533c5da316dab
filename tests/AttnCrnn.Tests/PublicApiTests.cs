using System.Xml.Linq;
using PublicApiGenerator;

namespace AttnCrnn.Tests;

/// <summary>What the library promises to programs that use it, so that a change of it is seen and meant.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    private static string Listing => Repository.Path("tests", "AttnCrnn.Tests", "PublicApi.txt");

    [Fact]
    public void The_public_api_is_the_one_that_is_checked_in()
    {
        var now = typeof(InvalidInputException).Assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n") + "\n";
        var then = File.Exists(Listing) ? File.ReadAllText(Listing).ReplaceLineEndings("\n") : "";
        if (now == then)
            return;
        var given = Path.Combine(AppContext.BaseDirectory, "PublicApi.now.txt");
        File.WriteAllText(given, now);
        Assert.Fail(
            $"The public API is not the one in {Listing}. If that is meant, say so in the commit and copy it there: cp {given} {Listing}\n{FirstDifference(then, now)}"
        );
    }

    [Fact]
    public void Every_public_member_says_in_a_sentence_what_it_is()
    {
        // The compiler asks for a comment on each (CS1591), and takes one of parameters alone.
        var library = typeof(InvalidInputException).Assembly;
        var described = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, "AttnCrnn.xml"))
            .Descendants("member")
            .ToList();
        Assert.True(described.Count > 1000);
        var bare = described
            .Where(member => member.Element("summary") is null && member.Element("inheritdoc") is null)
            .Select(member => member.Attribute("name")!.Value)
            .Where(name => IsPublic(library, name));
        Assert.True(!bare.Any(), string.Join("\n", bare));
    }

    // "M:Namespace.Type.Member(…)": overloads share their name, and an internal one beside a public one is asked for as well.
    private static bool IsPublic(System.Reflection.Assembly library, string name)
    {
        var whole = name[2..].Split('(')[0];
        if (name[0] == 'T')
            return library.GetType(whole)?.IsVisible == true;
        var (type, member) = (
            whole[..whole.LastIndexOf('.')].Replace(".#ctor", "", StringComparison.Ordinal),
            whole[(whole.LastIndexOf('.') + 1)..].Replace("#ctor", ".ctor", StringComparison.Ordinal)
        );
        return library.GetType(type) is { IsVisible: true } found && found.GetMember(member).Length > 0;
    }

    private static string FirstDifference(string then, string now)
    {
        var (old, fresh) = (then.Split('\n'), now.Split('\n'));
        var at = old.Zip(fresh).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {at + 1}: '{old.ElementAtOrDefault(at)?.Trim()}' has become '{fresh.ElementAtOrDefault(at)?.Trim()}'";
    }
}
