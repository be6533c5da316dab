using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Inverted dropout (Srivastava et al. 2014): retained values are scaled by 1 / (1 - rate), which preserves the mean.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Fills a mask with 0 with probability <paramref name="rate"/>, and 1 / (1 - rate) otherwise.</summary>
    public static void Fill(RandomStream random, double rate, Span<float> mask)
    {
        if (rate <= 0)
        {
            mask.Fill(1);
            return;
        }
        random.FillMask((float)rate, (float)(1 / (1 - rate)), mask);
    }
}
