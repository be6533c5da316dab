using AttnCrnn.Models;

namespace AttnCrnn.Bench;

/// <summary>The multiply-adds of a step when every product is taken directly, counted layer by layer.</summary>
internal static class StepWork
{
    /// <summary>Of one clip's way forward.</summary>
    public static long Forward(NetworkOptions networkOptions, int frames) =>
        Layers(networkOptions, frames).Sum(layer => layer.Products);

    /// <summary>Of one clip's whole step: each product comes back twice, for the weights and for the input, but the first layer needs no gradient of its input.</summary>
    public static long Step(NetworkOptions networkOptions, int frames) =>
        Layers(networkOptions, frames).Sum(layer => layer.Products * (layer.Back + 1));

    // Products of the way forward, and how many of that size the way back takes.
    private static IEnumerable<(long Products, int Back)> Layers(NetworkOptions networkOptions, int frames)
    {
        long half = frames / 2,
            quarter = frames / 4,
            both = 2 * networkOptions.LstmUnits;
        if (networkOptions.Layers > 1)
            yield return ((long)networkOptions.FrameWidth * frames, 1); // the mix of layers
        yield return (
            5L * networkOptions.Width * networkOptions.Conv1Filters * frames,
            networkOptions.Layers > 1 ? 2 : 1
        );
        yield return (5L * networkOptions.Conv1Filters * networkOptions.Conv2Filters * half, 2);
        yield return (2L * networkOptions.Conv2Filters * 4 * networkOptions.LstmUnits * quarter, 2); // the LSTM's inputs
        yield return (2L * networkOptions.LstmUnits * 4 * networkOptions.LstmUnits * quarter, 2); // its states
        yield return (2 * quarter * quarter * both, 2); // attention: x xᵀ, and its shares times x
        yield return (
            (both * networkOptions.DenseUnits) + ((long)networkOptions.DenseUnits * networkOptions.Classes),
            2
        );
    }
}
