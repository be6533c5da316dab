using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, "Decoupled weight decay regularization"): before the step of Adam, every
/// parameter is reduced by rate · decay · parameter. As in Keras and PyTorch, where none is excluded by default, all
/// trainable parameters decay, biases and the scales of the norms included.
/// </summary>
internal sealed class AdamW : IOptimizer
{
    private readonly ParameterBlocks blocks;
    private readonly Adam adam;
    private readonly double weightDecay;
    private readonly Action<int> task;

    private float decay;

    public AdamW(ParameterBlocks blocks, double weightDecay)
    {
        this.blocks = blocks;
        this.weightDecay = weightDecay;
        adam = new Adam(blocks);
        task = DecayBlock;
    }

    public void Update(AdamOptions options, long step)
    {
        decay = (float)(options.LearningRate * weightDecay);
        blocks.Run(task);
        adam.Update(options, step);
    }

    // Not a product with 1 - decay: it has few significant bits of a decay of 1e-6.
    private void DecayBlock(int block)
    {
        var values = blocks.GetValues(block);
        VectorMath.Axpy(-decay, values, values);
    }
}
