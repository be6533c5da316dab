using Xunit.v3;

namespace AttnCrnn.Testing;

/// <summary>
/// Capabilities that a test needs and a machine may lack, as named by scripts/capabilities.sh. <c>./test</c> skips
/// the test with a message if one is missing; if run regardless, the test fails.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresAttribute(params string[] capabilities) : Attribute, ITraitAttribute
{
    public const string Trait = "Requires";

    public IReadOnlyList<string> Capabilities => capabilities;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. capabilities.Select(capability => KeyValuePair.Create(Trait, capability))];
}
