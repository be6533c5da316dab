namespace AttnCrnn.Models.Optimizers;

/// <summary>
/// Changes the trainable parameters of a network by their gradients. Allocates nothing in a step; the results do not
/// depend on the number of threads. Its state between steps is in the parameters' moments, which checkpoints contain.
/// </summary>
internal interface IOptimizer
{
    /// <summary>One step with the current gradients, which the optimizer may overwrite.</summary>
    /// <param name="options">The hyperparameters of this step.</param>
    /// <param name="step">Step number, from 1, over the whole training.</param>
    void Update(AdamOptions options, long step);
}
