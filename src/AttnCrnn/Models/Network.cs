using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models;

/// <summary>
/// The attention CRNN, "v2" or its predecessor "v1", with memory allocated once for the largest batch, so that a step
/// allocates nothing. A clip's probabilities are bit-identical alone and in any batch, for any number of threads and on
/// any processor.
/// </summary>
internal sealed class Network : IDisposable
{
    private const int AdamTaskSize = 1 << 16; // floats

    private readonly Disposables disposables = new();
    private readonly WorkerPool workers;
    private readonly LayerWeighting? layerWeighting;
    private readonly ConvPool conv1;
    private readonly ConvPool conv2;
    private readonly BidirectionalLstm recurrent;
    private readonly Dropout dropout;
    private readonly SelfAttention attention;
    private readonly LayerNorm? norm;
    private readonly MeanOverTime mean;
    private readonly Head head;
    private readonly AlignedBuffer gradLogits;
    private readonly BatchCapacity capacity;
    private readonly bool training;
    private readonly Action<int> adamTask;

    private (float Rate, float Beta1, float Beta2, float Epsilon) adam;

    /// <param name="capacity">The largest batch, and the longest clip.</param>
    /// <param name="training">Whether to allocate memory for gradients.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message lists all errors.</exception>
    public Network(NetworkOptions options, WorkerPool workers, BatchCapacity capacity, bool training)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        Options = options;
        this.workers = workers;
        this.capacity = capacity;
        this.training = training;
        Parameters = disposables.Add(new Parameters(options, training));
        var half = new BatchCapacity(capacity.Rows / 2, capacity.Clips, capacity.Frames / 2);
        var quarter = new BatchCapacity(half.Rows / 2, capacity.Clips, half.Frames / 2);
        var lstmWidth = 2 * options.LstmUnits;
        if (options.EncoderLayers > 1)
            layerWeighting = disposables.Add(
                new LayerWeighting(
                    Parameters[TensorNames.LayerWeightingKernel],
                    options.Width,
                    workers,
                    capacity,
                    training
                )
            );
        conv1 = disposables.Add(CreateConvPool(TensorNames.Conv1, capacity, inputGradient: layerWeighting is not null));
        conv2 = disposables.Add(CreateConvPool(TensorNames.Conv2, half, inputGradient: true));
        recurrent = disposables.Add(new BidirectionalLstm(Parameters, options, workers, quarter, training));
        dropout = disposables.Add(
            new Dropout(options.Dropout, RandomStreamId.Dropout, lstmWidth, workers, quarter.Rows, training)
        );
        attention = disposables.Add(CreateAttention(lstmWidth, quarter));
        if (options.HasLayerNorm)
            norm = disposables.Add(CreateLayerNorm(quarter));
        mean = disposables.Add(new MeanOverTime(lstmWidth, workers, quarter, training));
        head = disposables.Add(new Head(Parameters, options, workers, capacity.Clips, training));
        gradLogits = disposables.Add(new AlignedBuffer(capacity.Clips * options.Classes));
        adamTask = RunAdamTask;
    }

    public NetworkOptions Options { get; }

    public Parameters Parameters { get; }

    /// <summary>Measures the time per stage; null: no measurement.</summary>
    internal StageProfiler? Profiler { get; set; }

    /// <summary>Random initialization as in Keras; sets Adam's moments to 0.</summary>
    /// <param name="attentionScale">Initial scale of the attention logits, if the network has that parameter.</param>
    public void Initialize(RandomStream random, float attentionScale = 1)
    {
        ParameterInitializer.Run(Parameters, random, attentionScale);
        Parameters.FirstMoment.Clear();
        Parameters.SecondMoment.Clear();
    }

    /// <summary>Emotion logits for clips of any lengths.</summary>
    /// <param name="clips">[rows, layers · width]: the clips' frames end to end, at least 4 per clip.</param>
    /// <param name="random">For dropout; null: none.</param>
    /// <param name="useBatchStatistics">
    /// Whether batch norm uses the batch's statistics and updates the running ones.
    /// </param>
    /// <returns>[clips, classes], before softmax; owned by the network, valid until its next call.</returns>
    public MatrixView Forward(PackedBatch clips, RandomStream? random, bool useBatchStatistics)
    {
        RequireValidBatch(clips);
        Profiler?.Start();
        var x = clips;
        if (layerWeighting is not null)
            x = Lap(Stage.LayerWeighting, layerWeighting.Forward(x)); // [rows, width]: Σ w · layer
        x = Lap(Stage.Conv1, conv1.Forward(x)); // [rows/2, 128]: convolution, ReLU, pool
        x = Lap(Stage.Conv2, conv2.Forward(x)); // [rows/4, 256]
        x = Lap(Stage.Lstm, recurrent.Forward(x, random)); // [rows/4, 256]
        x = Lap(Stage.Dropout, dropout.Forward(x, random)); // [rows/4, 256]
        x = Lap(Stage.Attention, attention.Forward(x)); // [rows/4, 256]: attention(x) + x
        if (norm is not null)
            x = Lap(Stage.Norm, norm.Forward(x)); // [rows/4, 256]
        var clip = Lap(Stage.Mean, mean.Forward(x)); // [clips, 256]
        return Lap(Stage.Head, head.Forward(clip, random, useBatchStatistics)); // [clips, classes]
    }

    /// <summary>
    /// Computes the gradients of all parameters from the gradient of the logits of the last <see cref="Forward"/>.
    /// </summary>
    private void Backward(MatrixView gradient)
    {
        var dx = Lap(Stage.HeadBackward, head.Backward(gradient)); // [clips, 256]
        dx = Lap(Stage.MeanBackward, mean.Backward(dx)); // [rows/4, 256]
        if (norm is not null)
            dx = Lap(Stage.NormBackward, norm.Backward(dx)); // [rows/4, 256]
        dx = Lap(Stage.AttentionBackward, attention.Backward(dx)); // [rows/4, 256]
        dx = Lap(Stage.DropoutBackward, dropout.Backward(dx)); // [rows/4, 256]
        dx = Lap(Stage.LstmBackward, recurrent.Backward(dx)); // [rows/4, 256]
        dx = Lap(Stage.Conv2Backward, conv2.Backward(dx)); // [rows/2, 128]
        dx = Lap(Stage.Conv1Backward, conv1.Backward(dx)); // [rows, width], only with several encoder layers
        if (layerWeighting is null)
            return;
        layerWeighting.Backward(dx);
        Profiler?.Lap(Stage.LayerWeightingBackward);
    }

    private T Lap<T>(Stage stage, T result)
    {
        Profiler?.Lap(stage);
        return result;
    }

    /// <summary>Inference: no dropout, batch norm with its running statistics.</summary>
    /// <param name="probabilities">[clips, classes].</param>
    public void Predict(PackedBatch clips, MatrixView probabilities)
    {
        Forward(clips, null, useBatchStatistics: false).CopyTo(probabilities);
        for (var clip = 0; clip < clips.ClipCount; clip++)
            Softmax.Apply(probabilities[clip]);
    }

    /// <summary>Forward, loss and gradients of one batch.</summary>
    /// <param name="targets">[clips, classes], probabilities that sum to 1.</param>
    /// <param name="clipWeights">[clips], class weight per clip.</param>
    /// <param name="random">For dropout; null: none.</param>
    /// <param name="probabilities">Receives [clips, classes], computed with dropout.</param>
    /// <returns>Σ weight · cross-entropy / clips.</returns>
    public double TrainStep(
        PackedBatch clips,
        MatrixView targets,
        ReadOnlySpan<float> clipWeights,
        RandomStream? random,
        MatrixView probabilities
    )
    {
        if (!training)
            throw new InvalidOperationException(
                "this network was created for inference: it has no memory for gradients"
            );
        Forward(clips, random, useBatchStatistics: true).CopyTo(probabilities);
        var gradient = gradLogits.Rows(0, clips.ClipCount, Options.Classes);
        var loss = 0.0;
        for (var clip = 0; clip < clips.ClipCount; clip++)
        {
            Softmax.Apply(probabilities[clip]);
            loss += clipWeights[clip] * Softmax.ComputeCrossEntropy(probabilities[clip], targets[clip]);
            VectorMath.Subtract(probabilities[clip], targets[clip], gradient[clip]);
            VectorMath.Scale(gradient[clip], clipWeights[clip] / clips.ClipCount, gradient[clip]);
        }
        Backward(gradient);
        return loss / clips.ClipCount;
    }

    /// <summary>Runs clips without dropout and accumulates their statistics for batch norm.</summary>
    public void AccumulateStatistics(PackedBatch clips)
    {
        Forward(clips, null, useBatchStatistics: false);
        head.Norm?.AccumulateStatistics();
    }

    /// <summary>
    /// Sets batch norm's running statistics to the statistics of the accumulated clips ("precise" batch norm: Wu and
    /// Johnson 2021, "Rethinking 'batch' in BatchNorm"): with a momentum of 0.99 and few steps per epoch the moving
    /// averages lag behind the weights, and dropout inflates the variance.
    /// </summary>
    public void UpdateRunningStatistics() => head.Norm?.UpdateRunningStatistics();

    /// <summary>One Adam step with the current gradients.</summary>
    /// <param name="step">Step number, from 1, over the whole training.</param>
    public void ApplyAdam(AdamOptions options, long step)
    {
        var correction = Math.Sqrt(1 - RaiseToPower(options.Beta2, step)) / (1 - RaiseToPower(options.Beta1, step));
        adam = (
            (float)(options.LearningRate * correction),
            (float)options.Beta1,
            (float)options.Beta2,
            (float)options.Epsilon
        );
        Profiler?.Start();
        workers.Run((Parameters.TrainableLength + AdamTaskSize - 1) / AdamTaskSize, adamTask);
        Profiler?.Lap(Stage.Adam);
    }

    internal (
        ConvPool Conv1,
        ConvPool Conv2,
        BidirectionalLstm Recurrent,
        SelfAttention Attention,
        LayerNorm? Norm,
        MeanOverTime Mean,
        Head Head
    ) Layers => (conv1, conv2, recurrent, attention, norm, mean, head);

    public void Dispose() => disposables.Dispose();

    private ConvPool CreateConvPool(string path, BatchCapacity capacity, bool inputGradient) =>
        ConvPool.Create(
            Parameters[TensorNames.GetKernelName(path)],
            Parameters[TensorNames.GetBiasName(path)],
            workers,
            capacity,
            training,
            inputGradient,
            Options.ExactConvolution
        );

    private SelfAttention CreateAttention(int width, BatchCapacity capacity) =>
        new(
            Options.HasAttentionScale ? Parameters[TensorNames.AttentionScale] : null,
            Options.HasResidual,
            width,
            workers,
            capacity,
            training
        );

    private LayerNorm CreateLayerNorm(BatchCapacity capacity) =>
        new(Parameters[TensorNames.LayerNormGamma], Parameters[TensorNames.LayerNormBeta], workers, capacity, training);

    private void RunAdamTask(int task)
    {
        var first = task * AdamTaskSize;
        var length = Math.Min(AdamTaskSize, Parameters.TrainableLength - first);
        VectorMath.Adam(
            Parameters.Values.Span.Slice(first, length),
            Parameters.Gradients.Span.Slice(first, length),
            Parameters.FirstMoment.Span.Slice(first, length),
            Parameters.SecondMoment.Span.Slice(first, length),
            adam.Rate,
            adam.Beta1,
            adam.Beta2,
            adam.Epsilon
        );
    }

    // By squaring: the platform's pow may differ in the last bit between machines.
    private static double RaiseToPower(double value, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, value *= value)
            if ((exponent & 1) == 1)
                result *= value;
        return result;
    }

    private void RequireValidBatch(PackedBatch clips)
    {
        if (clips.Rows.Width != Options.FrameWidth)
            throw new ArgumentException($"feature dimension {clips.Rows.Width}, expected {Options.FrameWidth}");
        if (clips.Rows.Count > capacity.Rows || clips.ClipCount > capacity.Clips || clips.ClipCount == 0)
            throw new ArgumentException(
                $"{clips.ClipCount} clips of {clips.Rows.Count} frames, "
                    + $"expected 1 to {capacity.Clips} of at most {capacity.Rows}"
            );
        for (var clip = 0; clip < clips.ClipCount; clip++)
            if (clips.FrameCount(clip) < NetworkOptions.MinFrames || clips.FrameCount(clip) > capacity.Frames)
                throw new ArgumentException(
                    $"clip {clip} has {clips.FrameCount(clip)} frames, "
                        + $"expected {NetworkOptions.MinFrames} to {capacity.Frames}"
                );
    }
}
