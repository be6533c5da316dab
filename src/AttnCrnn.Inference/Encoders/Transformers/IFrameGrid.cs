namespace AttnCrnn.Encoders.Transformers;

/// <summary>How frames lie on samples.</summary>
internal interface IFrameGrid
{
    /// <summary>Samples from one frame to the next.</summary>
    int Hop { get; }

    /// <summary>
    /// A chunk starts at a multiple of this number of frames; more than 1 if the network groups frames, so that a chunk
    /// groups the same ones as the whole recording.
    /// </summary>
    int ChunkStep => 1;

    /// <summary>Number of frames for a number of samples.</summary>
    int CountFrames(int samples);

    /// <summary>Length in samples of a chunk with a number of frames.</summary>
    int CountSamples(int frames);
}
