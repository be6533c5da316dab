using System.Xml.Linq;

namespace AttnCrnn.Tests;

/// <summary>The documentation of the library's public API.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("AttnCrnn.Inference", 800)]
    [InlineData("AttnCrnn", 400)]
    public void Every_public_member_has_a_summary(string assembly, int minMembers)
    {
        // The compiler requires a comment on each (CS1591), but accepts one without a summary.
        var library = System.Reflection.Assembly.Load(assembly);
        var members = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml"))
            .Descendants("member")
            .ToList();
        Assert.True(members.Count > minMembers, $"{members.Count} members of {assembly}");
        var undocumented = members
            .Where(member => member.Element("summary") is null && member.Element("inheritdoc") is null)
            .Select(member => member.Attribute("name")!.Value)
            .Where(name => IsPublic(library, name));
        Assert.True(!undocumented.Any(), string.Join("\n", undocumented));
    }

    // "M:Namespace.Type.Member(…)": overloads share a name, so an internal overload of a public member is checked as
    // well.
    private static bool IsPublic(System.Reflection.Assembly library, string name)
    {
        var path = name[2..].Split('(')[0];
        if (name[0] == 'T')
            return library.GetType(path)?.IsVisible == true;
        var (type, member) = (
            path[..path.LastIndexOf('.')].Replace(".#ctor", "", StringComparison.Ordinal),
            path[(path.LastIndexOf('.') + 1)..].Replace("#ctor", ".ctor", StringComparison.Ordinal)
        );
        return library.GetType(type) is { IsVisible: true } found && found.GetMember(member).Length > 0;
    }
}
