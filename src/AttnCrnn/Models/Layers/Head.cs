using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>From a clip's mean frame to its classes: Dense, BatchNorm, GELU, Dropout, Dense; without BatchNorm and with ReLU in v1.</summary>
internal sealed class Head : IDisposable
{
    private readonly Dense hidden,
        classes;
    private readonly BatchNorm? norm;
    private readonly AlignedBuffer active,
        masks;
    private readonly double dropout;
    private readonly int width;
    private readonly HeadActivation activation;

    private MatrixView normed;
    private bool dropping;

    public Head(Parameters parameters, NetworkOptions options, WorkerPool workers, int mostClips, bool training)
    {
        hidden = new Dense(parameters["dense/kernel"], parameters["dense/bias"], workers, mostClips, training);
        norm = options.HasBatchNorm ? new BatchNorm(parameters, mostClips, training) : null;
        classes = new Dense(parameters["dense_1/kernel"], parameters["dense_1/bias"], workers, mostClips, training);
        (width, dropout, activation) = (options.DenseUnits, options.HeadDropout, options.Activation);
        active = new AlignedBuffer(mostClips * width);
        masks = new AlignedBuffer(mostClips * width);
    }

    /// <param name="x">[clips, features].</param>
    /// <param name="random">For the masks; null: the moving figures, and nothing dropped.</param>
    /// <param name="batchFigures">Whether batch norm uses the batch's own figures.</param>
    /// <returns>[clips, classes], before softmax.</returns>
    public MatrixView Forward(MatrixView x, RandomStream? random, bool batchFigures)
    {
        normed = hidden.Forward(x); // [clips, dense]
        if (norm is not null)
            normed = norm.Forward(normed, batchFigures);
        var y = active.Rows(0, x.Count, width);
        Activate(normed.Span, y.Span); // [clips, dense]
        dropping = random is not null && dropout > 0;
        if (dropping)
        {
            for (var clip = 0; clip < x.Count; clip++)
                DropoutMask.Fill(random!.Value.ForStream(RandomStreamId.HeadDropout, (uint)clip), dropout, Mask(clip));
            VectorMath.Multiply(y.Span, masks.Rows(0, x.Count, width).Span, y.Span);
        }
        return classes.Forward(y); // [clips, classes]
    }

    /// <param name="gradient">[clips, classes].</param>
    /// <returns>[clips, features].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        var dy = classes.Backward(gradient); // [clips, dense]
        if (dropping)
            VectorMath.Multiply(dy.Span, masks.Rows(0, dy.Count, width).Span, dy.Span);
        var slope = active.Rows(0, dy.Count, width); // what stood there has been used
        Derive(normed.Span, slope.Span);
        VectorMath.Multiply(dy.Span, slope.Span, dy.Span);
        return hidden.Backward(norm is null ? dy : norm.Backward(dy)); // [clips, features]
    }

    /// <summary>Batch norm, for its recalibration; null where there is none.</summary>
    public BatchNorm? Norm => norm;

    /// <summary>The outputs of Dense, BatchNorm and GELU of the last forward: for comparison with Keras.</summary>
    internal (float[] Normed, float[] Active) Taps() =>
        (normed.Span.ToArray(), active.Rows(0, normed.Count, width).Span.ToArray());

    public void Dispose()
    {
        hidden.Dispose();
        norm?.Dispose();
        classes.Dispose();
        active.Dispose();
        masks.Dispose();
    }

    private void Activate(ReadOnlySpan<float> x, Span<float> to)
    {
        if (activation == HeadActivation.Gelu)
            VectorMath.Gelu(x, to);
        else if (activation == HeadActivation.GeluTanh)
            VectorMath.TanhGelu(x, to);
        else
            VectorMath.Relu(x, to);
    }

    private void Derive(ReadOnlySpan<float> x, Span<float> to)
    {
        if (activation == HeadActivation.Gelu)
            VectorMath.GeluDerivative(x, to);
        else if (activation == HeadActivation.GeluTanh)
            VectorMath.TanhGeluDerivative(x, to);
        else
            VectorMath.ReluDerivative(x, to);
    }

    private Span<float> Mask(int clip) => masks.Rows(clip * width, 1, width)[0];
}
