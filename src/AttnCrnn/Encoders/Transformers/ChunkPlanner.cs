using AttnCrnn.Audio;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>A chunk of a recording that goes through the network at once.</summary>
/// <param name="FirstSample">Start: a multiple of the hop, so that frames align with those of the whole
/// recording.</param>
/// <param name="Samples">Length in samples.</param>
/// <param name="SkippedFrames">Frames at the start to discard, because they lack left context.</param>
/// <param name="FirstFrame">Index of the first retained frame in the recording.</param>
/// <param name="Frames">Number of retained frames.</param>
internal readonly record struct Chunk(int FirstSample, int Samples, int SkippedFrames, int FirstFrame, int Frames);

/// <summary>
/// Splits recordings into chunks: neighboring chunks overlap by twice a margin, and each contributes the half of the
/// overlap that is farther from its edge.
/// </summary>
internal sealed class ChunkPlanner
{
    private const double MarginSeconds = 2;

    private readonly ISpeechNetwork network;
    private readonly int chunkFrames;
    private readonly int marginFrames;

    public ChunkPlanner(double chunkSeconds, ISpeechNetwork network)
    {
        this.network = network;
        var framesPerSecond = (double)Waveform.SampleRateHz / network.Hop;
        chunkFrames = network.Frames((int)(chunkSeconds * Waveform.SampleRateHz));
        // The window of a small network can be shorter than two margins.
        marginFrames = Math.Min((int)(MarginSeconds * framesPerSecond), chunkFrames / 4);
    }

    /// <summary>The chunks of a recording: one if it is short enough, none if it has no frames.</summary>
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
        for (var next = 0; next < frames; )
        {
            // The last chunk is as long as the others and starts earlier.
            var first = Math.Min(Math.Max(0, next - marginFrames), frames - chunkFrames);
            var isLast = first + chunkFrames == frames;
            var end = isLast ? frames : first + chunkFrames - marginFrames;
            var begin = first * network.Hop;
            yield return new(
                begin,
                isLast ? samples - begin : network.ChunkSamples(chunkFrames),
                next - first,
                next,
                end - next
            );
            next = end;
        }
    }
}
