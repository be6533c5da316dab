using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Inverted dropout (Srivastava et al. 2014): what is kept is scaled by 1 / (1 - rate), so that nothing changes in the mean.</summary>
internal static class DropoutMask
{
    /// <summary>0 with the probability of the rate, 1 / (1 - rate) otherwise.</summary>
    public static void Draw(Draw draw, double rate, Span<float> mask)
    {
        if (rate <= 0)
        {
            mask.Fill(1);
            return;
        }
        var (dropped, kept) = ((float)rate, (float)(1 / (1 - rate)));
        draw.FillUniform(mask);
        for (var i = 0; i < mask.Length; i++) mask[i] = mask[i] < dropped ? 0 : kept;
    }
}
