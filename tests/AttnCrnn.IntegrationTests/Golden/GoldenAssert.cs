using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Comparisons with expected.json.</summary>
internal static class GoldenAssert
{
    /// <summary>The same clips, labels and, within a tolerance, probabilities.</summary>
    public static void ProbabilitiesEqual(JsonNode expected, JsonNode actual, double tolerance)
    {
        Assert.Equal(Names(expected), Names(actual));
        foreach (var (clip, probabilities) in expected.AsObject())
            NumbersEqual(probabilities!, actual[clip]!, tolerance);
    }

    /// <summary>
    /// The same names and, within a tolerance, numbers; <paramref name="actual"/> may have more of them.
    /// </summary>
    public static void NumbersEqual(JsonNode expected, JsonNode actual, double tolerance)
    {
        Assert.NotEmpty(expected.AsObject());
        foreach (var (name, number) in expected.AsObject())
            Assert.Equal(number!.GetValue<double>(), actual[name]!.GetValue<double>(), tolerance);
    }

    /// <summary>
    /// Every name and number of a JSON file; <paramref name="actual"/> may have more of them, and other sentences.
    /// </summary>
    public static void EqualJson(JsonNode? expected, JsonNode? actual, double tolerance)
    {
        if (expected is JsonObject jsonObject)
        {
            foreach (var (name, value) in jsonObject)
                EqualJson(value, actual!.AsObject()[name], tolerance);
        }
        else if (expected is JsonArray list)
        {
            Assert.Equal(list.Count, actual!.AsArray().Count);
            for (var index = 0; index < list.Count; index++)
                EqualJson(list[index], actual[index], tolerance);
        }
        else if (expected is JsonValue number && number.TryGetValue<double>(out var value))
            Assert.Equal(value, actual!.GetValue<double>(), tolerance);
        else
            Assert.Equal(expected?.GetValueKind(), actual?.GetValueKind());
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
