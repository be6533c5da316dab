using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// The classifier head: Dense, BatchNorm, GELU, Dropout, Dense; v1 has no BatchNorm, and ReLU instead of GELU.
/// </summary>
internal sealed class Head : IDisposable
{
    private readonly Disposables disposables = new();
    private readonly Dense hidden;
    private readonly Dense classes;
    private readonly BatchNorm? norm;
    private readonly AlignedBuffer active;
    private readonly AlignedBuffer masks;
    private readonly double dropout;
    private readonly int width;
    private readonly HeadActivation activation;

    private MatrixView normalized;
    private bool hasDropout;

    public Head(Parameters parameters, NetworkOptions options, WorkerPool workers, int maxClips, bool training)
    {
        Dense CreateDense(string name) =>
            new(
                parameters[TensorNames.GetKernelName(name)],
                parameters[TensorNames.GetBiasName(name)],
                workers,
                maxClips,
                training
            );
        hidden = disposables.Add(CreateDense(TensorNames.HiddenDense));
        norm = options.HasBatchNorm ? disposables.Add(new BatchNorm(parameters, maxClips, training)) : null;
        classes = disposables.Add(CreateDense(TensorNames.OutputDense));
        width = options.DenseUnits;
        dropout = options.HeadDropout;
        activation = options.Activation;
        active = disposables.Add(new AlignedBuffer(maxClips * width));
        masks = disposables.Add(new AlignedBuffer(maxClips * width));
    }

    /// <param name="x">[clips, features].</param>
    /// <param name="random">For dropout; null: none.</param>
    /// <param name="useBatchStatistics">
    /// Whether batch norm uses the batch's statistics and updates the running ones.
    /// </param>
    /// <returns>[clips, classes], before softmax.</returns>
    public MatrixView Forward(MatrixView x, RandomStream? random, bool useBatchStatistics)
    {
        normalized = hidden.Forward(x); // [clips, dense]
        if (norm is not null)
            normalized = norm.Forward(normalized, useBatchStatistics);
        var y = active.Rows(0, x.Count, width);
        ApplyActivation(normalized.Span, y.Span); // [clips, dense]
        hasDropout = random is not null && dropout > 0;
        if (hasDropout)
        {
            for (var clip = 0; clip < x.Count; clip++)
                DropoutMask.Fill(
                    random!.Value.ForStream(RandomStreamId.HeadDropout, (uint)clip),
                    dropout,
                    GetMask(clip)
                );
            VectorMath.Multiply(y.Span, masks.Rows(0, x.Count, width).Span, y.Span);
        }
        return classes.Forward(y); // [clips, classes]
    }

    /// <param name="gradient">[clips, classes].</param>
    /// <returns>[clips, features].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        var dy = classes.Backward(gradient); // [clips, dense]
        if (hasDropout)
            VectorMath.Multiply(dy.Span, masks.Rows(0, dy.Count, width).Span, dy.Span);
        var slope = active.Rows(0, dy.Count, width); // reuses the buffer of the activations
        ComputeActivationDerivative(normalized.Span, slope.Span);
        VectorMath.Multiply(dy.Span, slope.Span, dy.Span);
        return hidden.Backward(norm is null ? dy : norm.Backward(dy)); // [clips, features]
    }

    /// <summary>Batch norm, for setting its running statistics; null if the network has none.</summary>
    public BatchNorm? Norm => norm;

    /// <summary>
    /// Outputs of BatchNorm and of the activation in the last forward pass, for comparison with Keras.
    /// </summary>
    internal (float[] Normed, float[] Active) IntermediateOutputs() =>
        (normalized.Span.ToArray(), active.Rows(0, normalized.Count, width).Span.ToArray());

    public void Dispose() => disposables.Dispose();

    private void ApplyActivation(ReadOnlySpan<float> x, Span<float> destination)
    {
        if (activation == HeadActivation.Gelu)
            VectorMath.Gelu(x, destination);
        else if (activation == HeadActivation.GeluTanh)
            VectorMath.GeluTanh(x, destination);
        else
            VectorMath.Relu(x, destination);
    }

    private void ComputeActivationDerivative(ReadOnlySpan<float> x, Span<float> destination)
    {
        if (activation == HeadActivation.Gelu)
            VectorMath.GeluDerivative(x, destination);
        else if (activation == HeadActivation.GeluTanh)
            VectorMath.GeluTanhDerivative(x, destination);
        else
            VectorMath.ReluDerivative(x, destination);
    }

    private Span<float> GetMask(int clip) => masks.Rows(clip * width, 1, width)[0];
}
