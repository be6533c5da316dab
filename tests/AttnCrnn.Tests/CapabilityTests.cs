using System.Text.RegularExpressions;

namespace AttnCrnn.Tests;

/// <summary>scripts/capabilities.sh, by which ./test decides which tests to skip.</summary>
public sealed partial class CapabilityTests
{
    [Fact]
    public void Capabilities_that_tests_require_are_in_the_table()
    {
        var required = Repository
            .SourceFiles("tests")
            .SelectMany(path => Requirement().Matches(File.ReadAllText(path)))
            .SelectMany(attribute => Name().Matches(attribute.Value))
            .Select(name => name.Groups[1].Value)
            .Distinct();
        var table = Row().Matches(File.ReadAllText(Repository.Path("scripts", "capabilities.sh")));
        Assert.Equal(required.Order(), table.Select(row => row.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"\[Requires\((""[a-z0-9-]+""(, )?)+\)\]")]
    private static partial Regex Requirement();

    [GeneratedRegex(@"""([a-z0-9-]+)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"^    '([a-z0-9-]+)\|[^|']+\|[^|']+'$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
