using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Tests.Cli;

public sealed class EvaluationSummaryTests
{
    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void The_summary_warns_of_fewer_than_ten_speakers(int speakers, bool warns)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        EvaluationSummary.Print(
            new ConsoleOutput(output, error),
            PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers, clipsEach: 8))
        );
        Assert.Equal(warns, output.ToString().Contains("warning  Only 9 speakers", StringComparison.Ordinal));
    }
}
