using AttnCrnn.Audio;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>A chunk of a recording that the network processes at once.</summary>
/// <param name="FirstSample">Start: a multiple of the hop, so that frames align with the frames of the whole
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

    private readonly IFrameGrid grid;
    private readonly int chunkFrames;
    private readonly int marginFrames;

    public ChunkPlanner(double chunkSeconds, IFrameGrid grid)
    {
        this.grid = grid;
        var framesPerSecond = (double)Waveform.SampleRateHz / grid.Hop;
        chunkFrames = grid.CountFrames((int)(chunkSeconds * Waveform.SampleRateHz));
        // The window of a small network can be shorter than two margins.
        marginFrames = Math.Min((int)(MarginSeconds * framesPerSecond), chunkFrames / 4);
    }

    /// <summary>The chunks of a recording: one if it is short enough, none if it has no frames.</summary>
    public IEnumerable<Chunk> Plan(int samples)
    {
        var frames = grid.CountFrames(samples);
        if (frames == 0)
            yield break;
        if (frames <= chunkFrames)
        {
            yield return new(0, samples, 0, 0, frames);
            yield break;
        }
        for (var nextFrame = 0; nextFrame < frames; )
        {
            // The last chunk is as long as the others, but for the step, and starts earlier.
            var chunkStart = Math.Max(0, nextFrame - marginFrames);
            var isLast = chunkStart + chunkFrames >= frames;
            chunkStart = Math.Min(chunkStart, frames - chunkFrames) / grid.ChunkStep * grid.ChunkStep;
            var endFrame = isLast ? frames : chunkStart + chunkFrames - marginFrames;
            var firstSample = chunkStart * grid.Hop;
            yield return new(
                firstSample,
                isLast ? samples - firstSample : grid.CountSamples(chunkFrames),
                nextFrame - chunkStart,
                nextFrame,
                endFrame - nextFrame
            );
            nextFrame = endFrame;
        }
    }
}
