using System.Reflection;
using System.Text.RegularExpressions;

namespace AttnCrnn.Tests;

/// <summary>scripts/capabilities.sh, from which ./test decides which tests to leave out.</summary>
public sealed partial class CapabilityTests
{
    [Fact]
    public void Capabilities_that_tests_require_are_in_the_table()
    {
        var types = typeof(CapabilityTests).Assembly.GetTypes();
        var members = types.Concat(types.SelectMany(type => type.GetMethods()).Cast<MemberInfo>());
        var required = members
            .SelectMany(member => member.GetCustomAttributes<RequiresAttribute>(inherit: false))
            .SelectMany(attribute => attribute.GetTraits())
            .Select(trait => trait.Value)
            .Distinct();
        var table = Row().Matches(File.ReadAllText(Repository.Path("scripts", "capabilities.sh")));
        Assert.Equal(required.Order(), table.Select(row => row.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"^    '([a-z0-9-]+)\|[^|']+\|[^|']+'$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
