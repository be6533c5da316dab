using Xunit.v3;

namespace AttnCrnn.Tests;

/// <summary>
/// What a test takes that a machine may lack: names of scripts/capabilities.sh. <c>./test</c> leaves the test out where
/// one is missing and says so; run all the same, it fails.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresAttribute(params string[] capabilities) : Attribute, ITraitAttribute
{
    public const string Trait = "Requires";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. capabilities.Select(capability => KeyValuePair.Create(Trait, capability))];
}
