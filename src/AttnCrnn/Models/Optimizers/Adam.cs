using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models.Optimizers;

/// <summary>Adam (Kingma and Ba 2015); as in Keras, ε is outside the bias correction.</summary>
internal sealed class Adam : IOptimizer
{
    private readonly ParameterBlocks blocks;
    private readonly Action<int> task;

    private (float Rate, float Beta1, float Beta2, float Epsilon) coefficients;

    public Adam(ParameterBlocks blocks)
    {
        this.blocks = blocks;
        task = UpdateBlock;
    }

    public void Update(AdamOptions options, long step)
    {
        var correction = Math.Sqrt(1 - RaiseToPower(options.Beta2, step)) / (1 - RaiseToPower(options.Beta1, step));
        coefficients = (
            (float)(options.LearningRate * correction),
            (float)options.Beta1,
            (float)options.Beta2,
            (float)options.Epsilon
        );
        blocks.Run(task);
    }

    private void UpdateBlock(int block) =>
        VectorMath.Adam(
            blocks.GetValues(block),
            blocks.GetGradients(block),
            blocks.GetFirstMoment(block),
            blocks.GetSecondMoment(block),
            coefficients.Rate,
            coefficients.Beta1,
            coefficients.Beta2,
            coefficients.Epsilon
        );

    // By squaring: the platform's pow may differ in the last bit between machines.
    private static double RaiseToPower(double value, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, value *= value)
            if ((exponent & 1) == 1)
                result *= value;
        return result;
    }
}
