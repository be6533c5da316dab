using AttnCrnn.Cli.Options;

namespace AttnCrnn.Tests.Cli;

/// <summary>What the help and the reference page add to the text of an option.</summary>
public sealed class OptionDescriptionTests
{
    [Theory]
    [InlineData("extract", "store_precision", "float16 or float32; default float16")]
    [InlineData("train", "preset", "six, iemocap4 or iemocap6")]
    [InlineData("export", "to", "keras, onnx, npz, safetensors or hub")]
    [InlineData("deploy", "to", "ssh, local or slurm; default ssh")]
    [InlineData("train", "epochs", "epochs, 1 to 100000; default 30")]
    [InlineData("train", "quiet", "")]
    public void The_valid_values_of_an_option_precede_its_default(string command, string key, string expected)
    {
        var option = CommandList.Create(command)!.Options.Single(option => option.Key.Name == key);
        Assert.Equal(expected, OptionDescription.FormatLimits(option));
    }
}
