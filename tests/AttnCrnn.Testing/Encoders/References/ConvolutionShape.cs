namespace AttnCrnn.Testing.Encoders.References;

/// <summary>The settings of a convolution over time.</summary>
/// <param name="Taps">Number of kernel taps.</param>
internal readonly record struct ConvolutionShape(int Taps)
{
    /// <summary>Input frames per output frame.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Number of groups of channels; a group's outputs depend on the same group's inputs only.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Frames of zeros before the input.</summary>
    public int Left { get; init; }

    /// <summary>Frames of zeros after the input.</summary>
    public int Right { get; init; }

    /// <summary>Whether the last output frame is omitted.</summary>
    public bool OmitsLast { get; init; }

    /// <summary>
    /// Half of the taps as zeros on both sides; an even kernel's additional output frame is omitted.
    /// </summary>
    public static ConvolutionShape CreateSame(int taps, int groups, int stride = 1) =>
        new(taps)
        {
            Stride = stride,
            Groups = groups,
            Left = taps / 2,
            Right = taps / 2,
            OmitsLast = taps % 2 == 0,
        };
}
