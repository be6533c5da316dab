using System.Text.Json;
using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

/// <summary>Against scikit-learn 1.9.</summary>
public sealed class BalancedWeightsTests
{
    [Fact]
    public void Balanced_weights_match_scikit_learn()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "statistics.json")));
        var expected = file.RootElement.GetProperty("balanced_class_weight");
        double[] weights = BalancedWeights.Compute(
            [.. expected.GetProperty("y").EnumerateArray().Select(y => y.GetInt32())],
            classes: 6
        );
        int i = 0;
        foreach (var label in expected.GetProperty("classes").EnumerateArray())
            Assert.Equal(expected.GetProperty("weights")[i++].GetDouble(), weights[label.GetInt32()], 1e-9);
        Assert.Equal((0.0, 0.0), (weights[3], weights[4]));
    }
}
