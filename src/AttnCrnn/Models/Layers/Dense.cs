using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>y = x W + b.</summary>
internal sealed class Dense : IDisposable
{
    private readonly Parameter kernel;
    private readonly Parameter bias;
    private readonly WorkerPool workers;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;

    private MatrixView x;

    public Dense(Parameter kernel, Parameter bias, WorkerPool workers, int maxRows, bool training)
    {
        this.kernel = kernel;
        this.bias = bias;
        this.workers = workers;
        output = new AlignedBuffer(maxRows * kernel.Shape[1]);
        gradX = new AlignedBuffer(training ? maxRows * kernel.Shape[0] : 0);
    }

    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, outputs].</returns>
    public MatrixView Forward(MatrixView x)
    {
        this.x = x;
        var y = output.Rows(0, x.Count, kernel.Shape[1]);
        MatrixProduct.Multiply(workers, x, kernel.Values, y);
        for (var row = 0; row < y.Count; row++)
            VectorMath.Add(y[row], bias.Values.Span, y[row]);
        return y;
    }

    /// <param name="gradient">[rows, outputs].</param>
    /// <returns>[rows, inputs].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        var gradBias = bias.Gradients.Span;
        gradBias.Clear();
        for (var row = 0; row < gradient.Count; row++)
            VectorMath.Add(gradBias, gradient[row], gradBias);
        MatrixProduct.MultiplyTransposedLeft(workers, x, gradient, kernel.Gradients);
        var gradInput = gradX.Rows(0, x.Count, kernel.Shape[0]);
        MatrixProduct.MultiplyTransposedRight(workers, gradient, kernel.Values, gradInput);
        return gradInput;
    }

    public void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }
}
