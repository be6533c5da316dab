using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Prediction;

public sealed class PredictionInputsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_rows_of_a_table_of_another_program_are_inputs_and_what_is_decided_is_told()
    {
        File.WriteAllText(
            folder.PathOf("calls.tsv"),
            "\uFEFFfile_name\tspk_id\tstart\tstop\ttext\na.wav\tUnknown\t0 days 00:00:01\tNaT\thm\nb.wav\ts2\t\t\tha\n"
        );
        List<string> notices = [];
        var inputs = PredictionInputs.FromPath(folder.PathOf("calls.tsv"), "s1", notices.Add);
        Assert.Equal([folder.PathOf("a.wav"), folder.PathOf("b.wav")], inputs.Select(input => input.Path));
        Assert.Equal(["s1", "s2"], inputs.Select(input => input.Speaker));
        Assert.Equal((1.0, null), (inputs[0].StartSeconds, inputs[0].EndSeconds));
        Assert.Equal(
            [
                "1 columns of calls.tsv are not used: text",
                "1 clips have a speaker that means none, and so have none: Unknown (1)",
            ],
            notices
        );
    }
}
