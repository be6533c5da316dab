using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Layers;

/// <summary>Inverted dropout (Srivastava et al. 2014): what is kept is scaled by 1 / (1 - rate), so that nothing changes in the mean.</summary>
internal static class DropoutMask
{
    /// <summary>0 with the probability of the rate, 1 / (1 - rate) otherwise.</summary>
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
