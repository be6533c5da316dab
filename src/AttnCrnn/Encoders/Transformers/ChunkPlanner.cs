using AttnCrnn.Audio;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>A stretch of a recording that goes through the network at once.</summary>
/// <param name="FirstSample">Where it begins: a multiple of the hop, so that frames stand where the whole recording's
/// would.</param>
/// <param name="Samples">How long it is.</param>
/// <param name="Dropped">Frames at its beginning that see too little of what came before.</param>
/// <param name="FirstKept">Where its first kept frame stands in the recording.</param>
/// <param name="Kept">Frames that are kept.</param>
internal readonly record struct Chunk(int FirstSample, int Samples, int Dropped, int FirstKept, int Kept);

/// <summary>
/// How recordings are cut: each piece overlaps the next by twice a margin, and of the overlap each gives the half that
/// is farther from its own end.
/// </summary>
internal sealed class ChunkPlanner
{
    private const double MarginSeconds = 2;

    private readonly ISpeechNetwork network;
    private readonly int chunkFrames,
        marginFrames;

    public ChunkPlanner(double chunkSeconds, ISpeechNetwork network)
    {
        this.network = network;
        var framesPerSecond = (double)Waveform.SampleRateHz / network.Hop;
        chunkFrames = network.Frames((int)(chunkSeconds * Waveform.SampleRateHz));
        // The window of a small network may be shorter than two margins.
        marginFrames = Math.Min((int)(MarginSeconds * framesPerSecond), chunkFrames / 4);
    }

    /// <summary>The pieces of a recording; one where it is short enough, none where it has no frame.</summary>
    public IEnumerable<Chunk> Plan(int samples)
    {
        var frames = network.Frames(samples);
        if (frames == 0)
            yield break;
        if (frames <= chunkFrames)
        {
            yield return new(0, samples, 0, 0, frames);
            yield break;
        }
        for (var kept = 0; kept < frames; )
        {
            // The last piece is as long as the others, and begins earlier.
            var first = Math.Min(Math.Max(0, kept - marginFrames), frames - chunkFrames);
            var isLast = first + chunkFrames == frames;
            var end = isLast ? frames : first + chunkFrames - marginFrames;
            var begin = first * network.Hop;
            yield return new(
                begin,
                isLast ? samples - begin : network.ChunkSamples(chunkFrames),
                kept - first,
                kept,
                end - kept
            );
            kept = end;
        }
    }
}
