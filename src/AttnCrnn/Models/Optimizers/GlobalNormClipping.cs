using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models.Optimizers;

/// <summary>
/// Clipping by the global norm (Pascanu et al. 2013): before the step of another optimizer, the gradients are scaled
/// so that the Euclidean norm of all of them is at most a maximum.
/// </summary>
internal sealed class GlobalNormClipping : IOptimizer
{
    private readonly IOptimizer optimizer;
    private readonly ParameterBlocks blocks;
    private readonly double maxNorm;
    private readonly double[] sums;
    private readonly Action<int> sumTask;
    private readonly Action<int> scaleTask;

    private float scale;

    /// <param name="optimizer">The optimizer that gets the clipped gradients.</param>
    /// <param name="maxNorm">The largest norm, more than 0.</param>
    public GlobalNormClipping(IOptimizer optimizer, ParameterBlocks blocks, double maxNorm)
    {
        this.optimizer = optimizer;
        this.blocks = blocks;
        this.maxNorm = maxNorm;
        sums = new double[blocks.Count];
        sumTask = SumBlock;
        scaleTask = ScaleBlock;
    }

    public void Update(AdamOptions options, long step)
    {
        var norm = ComputeNorm();
        if (norm > maxNorm)
        {
            scale = (float)(maxNorm / norm);
            blocks.Run(scaleTask);
        }
        optimizer.Update(options, step);
    }

    // The sums of the blocks are added in their order, not in the order in which threads complete them.
    private double ComputeNorm()
    {
        blocks.Run(sumTask);
        var sum = 0.0;
        foreach (var blockSum in sums)
            sum += blockSum;
        return Math.Sqrt(sum);
    }

    private void SumBlock(int block) => sums[block] = VectorMath.SumOfSquares(blocks.GetGradients(block));

    private void ScaleBlock(int block)
    {
        var gradients = blocks.GetGradients(block);
        VectorMath.Scale(gradients, scale, gradients);
    }
}
