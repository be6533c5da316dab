using AttnCrnn.Models;

namespace AttnCrnn.Bench;

/// <summary>Counts the multiply-adds of a step with direct convolution, layer by layer.</summary>
internal static class StepWork
{
    /// <summary>Multiply-adds of one clip's forward pass.</summary>
    public static long CountForward(NetworkOptions options, int frames) =>
        CountLayers(options, frames).Sum(layer => layer.Products);

    /// <summary>
    /// Multiply-adds of one clip's training step: each product occurs twice in the backward pass, for weights and
    /// input; the first layer needs no input gradient.
    /// </summary>
    public static long CountStep(NetworkOptions options, int frames) =>
        CountLayers(options, frames).Sum(layer => layer.Products * (layer.BackwardCount + 1));

    // Multiply-adds of the forward pass, and the number of backward products of the same size.
    private static IEnumerable<(long Products, int BackwardCount)> CountLayers(NetworkOptions options, int frames)
    {
        long half = frames / 2,
            quarter = frames / 4,
            lstmOutputs = 2 * options.LstmUnits;
        if (options.EncoderLayers > 1)
            yield return ((long)options.FrameWidth * frames, 1); // weighted sum of encoder layers
        yield return (5L * options.Width * options.Conv1Filters * frames, options.EncoderLayers > 1 ? 2 : 1);
        yield return (5L * options.Conv1Filters * options.Conv2Filters * half, 2);
        yield return (2L * options.Conv2Filters * 4 * options.LstmUnits * quarter, 2); // LSTM, input projection
        yield return (2L * options.LstmUnits * 4 * options.LstmUnits * quarter, 2); // LSTM, recurrent projection
        yield return (2 * quarter * quarter * lstmOutputs, 2); // attention: x xᵀ, then weights times x
        yield return ((lstmOutputs * options.DenseUnits) + ((long)options.DenseUnits * options.Classes), 2);
    }
}
