using System.Globalization;
using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Takes mean and standard deviation over time from a graph, as keras.ops writes them: m = Mean(x); Concatenate(m,
/// Sqrt(Mean(Square(x - ExpandDims(m))) + ε)).
/// </summary>
internal sealed class KerasStatistics(KerasLayerCursor cursor)
{
    private const string Expected =
        "mean and standard deviation over time: Mean, ExpandDims, Subtract, Square, Mean, Add, Sqrt, Concatenate";

    /// <exception cref="InvalidFileException">The next layers are others.</exception>
    public void Read()
    {
        var input = cursor.Current;
        var mean = Find(input, "Mean", 2, input);
        var expand = Find(mean, "ExpandDims", 2, mean);
        var difference = Find(input, "Subtract", 2, input, expand);
        var square = Find(difference, "Square", 1, difference);
        var variance = Find(square, "Mean", 1, square);
        var sum = Find(variance, "Add", 1, variance);
        var deviation = Find(sum, "Sqrt", 1, sum);
        var output = Find(mean, "Concatenate", 2, mean, deviation);
        cursor.Skip(mean, expand, difference, square, variance, sum, deviation, output);
        foreach (var average in (KerasLayer[])[mean, variance])
            new KerasOptions(average).Require("axis", "1|[1]").Require("keepdims", "false").RejectUnknown();
        new KerasOptions(expand).Require("axis", "1|[1]").RejectUnknown();
        new KerasOptions(output).Require("axis", "-1|1").RejectUnknown();
        RequireEpsilon(sum);
        cursor.RequirePlainCalls(mean, expand, difference, square, variance, deviation, output);
    }

    private KerasLayer Find(KerasLayer source, string className, int consumers, params KerasLayer[] inputs) =>
        cursor.FindConsumer(Expected, source, className, className != "Concatenate", consumers, inputs);

    private void RequireEpsilon(KerasLayer sum)
    {
        const string prefix = "argument 2 = ";
        if (
            sum.Call is not [var argument]
            || !argument.StartsWith(prefix, StringComparison.Ordinal)
            || !double.TryParse(
                argument[prefix.Length..],
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var epsilon
            )
            || epsilon != StatisticsOverTime.Epsilon
        )
            throw cursor.CreateUnexpectedLayerError(
                sum,
                string.Create(CultureInfo.InvariantCulture, $"an Add of {StatisticsOverTime.Epsilon} to the variance")
            );
    }
}
