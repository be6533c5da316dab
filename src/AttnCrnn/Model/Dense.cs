using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>y = x W + b.</summary>
internal sealed class Dense : IDisposable
{
    private readonly Parameter kernel, bias;
    private readonly Workers workers;
    private readonly FloatBuffer output, gradX;

    private Rows x;

    public Dense(Parameter kernel, Parameter bias, Workers workers, int mostRows, bool training)
    {
        (this.kernel, this.bias, this.workers) = (kernel, bias, workers);
        output = new FloatBuffer(mostRows * kernel.Shape[1]);
        gradX = new FloatBuffer(training ? mostRows * kernel.Shape[0] : 0);
    }

    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, outputs].</returns>
    public Rows Forward(Rows x)
    {
        this.x = x;
        var y = output.Rows(0, x.Count, kernel.Shape[1]);
        MatrixProduct.Multiply(workers, x, kernel.Values, y);
        for (var row = 0; row < y.Count; row++) Elementwise.Add(y[row], bias.Values.Span, y[row]);
        return y;
    }

    /// <param name="gradient">[rows, outputs].</param>
    /// <returns>[rows, inputs].</returns>
    public Rows Backward(Rows gradient)
    {
        var gradBias = bias.Gradients.Span;
        gradBias.Clear();
        for (var row = 0; row < gradient.Count; row++) Elementwise.Add(gradBias, gradient[row], gradBias);
        MatrixProduct.MultiplyTransposedLeft(workers, x, gradient, kernel.Gradients);
        var to = gradX.Rows(0, x.Count, kernel.Shape[0]);
        MatrixProduct.MultiplyTransposedRight(workers, gradient, kernel.Values, to);
        return to;
    }

    public void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }
}
