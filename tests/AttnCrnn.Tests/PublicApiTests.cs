using System.Xml.Linq;
using PublicApiGenerator;

namespace AttnCrnn.Tests;

/// <summary>The library's public API, so that a change of it is deliberate.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    private static string Listing => Repository.Path("tests", "AttnCrnn.Tests", "PublicApi.txt");

    [Fact]
    public void The_public_api_is_the_one_that_is_checked_in()
    {
        var actual = typeof(InvalidInputException).Assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n") + "\n";
        var approved = File.Exists(Listing) ? File.ReadAllText(Listing).ReplaceLineEndings("\n") : "";
        if (actual == approved)
            return;
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.now.txt");
        File.WriteAllText(path, actual);
        Assert.Fail(
            $"The public API differs from {Listing}. If the change is intended, describe it in the commit and run "
                + $"cp {path} {Listing}\n{FirstDifference(approved, actual)}"
        );
    }

    [Fact]
    public void Every_public_member_has_a_summary()
    {
        // The compiler requires a comment on each (CS1591), but accepts one without a summary.
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

    // "M:Namespace.Type.Member(…)": overloads share a name, so an internal overload of a public member is checked as
    // well.
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

    private static string FirstDifference(string approved, string actual)
    {
        var oldLines = approved.Split('\n');
        var newLines = actual.Split('\n');
        var index = oldLines.Zip(newLines).TakeWhile(pair => pair.First == pair.Second).Count();
        var oldLine = oldLines.ElementAtOrDefault(index)?.Trim();
        return $"line {index + 1}: '{oldLine}' has become '{newLines.ElementAtOrDefault(index)?.Trim()}'";
    }
}
