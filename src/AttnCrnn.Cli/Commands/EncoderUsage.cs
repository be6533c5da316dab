using AttnCrnn.Cli.Options;
using AttnCrnn.Prediction;

namespace AttnCrnn.Cli.Commands;

/// <summary>The usage error of <c>--layers</c>, for commands that open the encoder of a model.</summary>
internal static class EncoderUsage
{
    public static UsageException ToUsageException(EncoderOptionException error) =>
        new(
            error.Expected.IsUnknown
                ? $"--layers {error.Layers}: requires --encoder as well"
                : $"--layers {error.Layers}: the model already has its encoder, {error.Expected}; omit the option"
        );
}
