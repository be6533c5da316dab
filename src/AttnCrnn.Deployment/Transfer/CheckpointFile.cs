using System.Globalization;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>A checkpoint file of a run.</summary>
/// <param name="Name">Relative to checkpoints/RUN.</param>
public sealed record CheckpointFile(string Name, long AgeSeconds)
{
    // "1790000000 resume/state-0000000360.safetensors": modification time and name.
    internal static CheckpointFile Parse(string text, long currentTime)
    {
        var parts = text.Split(' ', 2);
        return new(parts[^1], Math.Max(0, currentTime - long.Parse(parts[0], CultureInfo.InvariantCulture)));
    }
}
