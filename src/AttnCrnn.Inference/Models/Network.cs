using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Networks;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models;

/// <summary>
/// A network of any version, with memory allocated once for the largest batch, so that a step allocates nothing. A
/// clip's probabilities are bit-identical alone and in any batch, for any number of threads and on any processor.
/// </summary>
internal sealed class Network : IDisposable
{
    private readonly Disposables disposables = new();
    private readonly WorkerPool workers;
    private readonly NetworkDeclaration declaration;
    private readonly Layer[] layers; // from the frames to the logits
    private readonly BatchNorm[] batchNorms;
    private readonly bool training;

    /// <param name="capacity">The largest batch, and the longest clip.</param>
    /// <param name="training">Whether to allocate memory for gradients.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message lists all errors.</exception>
    public Network(NetworkOptions options, WorkerPool workers, BatchCapacity capacity, bool training)
        : this(options, workers, capacity, weights: null, training) { }

    /// <summary>A network for inference with weights that others use as well.</summary>
    /// <param name="weights">Of these options; must stay alive, and is not disposed.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message lists all errors.</exception>
    public Network(NetworkOptions options, WorkerPool workers, BatchCapacity capacity, Parameters weights)
        : this(options, workers, capacity, weights, training: false) { }

    private Network(
        NetworkOptions options,
        WorkerPool workers,
        BatchCapacity capacity,
        Parameters? weights,
        bool training
    )
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        Options = options;
        declaration = options.Declare();
        this.workers = workers;
        Capacity = capacity;
        this.training = training;
        Parameters = weights ?? disposables.Add(new Parameters(options, training));
        layers = CreateLayers();
        batchNorms = [.. layers.OfType<BatchNorm>()];
    }

    public NetworkOptions Options { get; }

    /// <summary>The largest batch, and the longest clip.</summary>
    public BatchCapacity Capacity { get; }

    public Parameters Parameters { get; }

    /// <summary>Whether a layer is batch norm.</summary>
    public bool HasBatchNorm => batchNorms.Length > 0;

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
        var pass = new ForwardPass(random, useBatchStatistics);
        var x = clips;
        for (var i = 0; i < layers.Length; i++)
        {
            x = layers[i].Forward(x, pass);
            Profiler?.Lap(i);
        }
        return x.Rows;
    }

    /// <summary>
    /// Computes the gradients of all parameters from the gradient of the logits of the last <see cref="Forward"/>.
    /// </summary>
    /// <param name="gradient">[clips, classes]; layers may overwrite it.</param>
    /// <exception cref="InvalidOperationException">The network was created for inference.</exception>
    public void Backward(MatrixView gradient)
    {
        if (!training)
            throw new InvalidOperationException(
                "this network was created for inference: it has no memory for gradients"
            );
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            gradient = layers[i].Backward(gradient);
            Profiler?.Lap(layers.Length + i);
        }
    }

    /// <summary>Inference: no dropout, batch norm with its running statistics.</summary>
    /// <param name="probabilities">[clips, classes].</param>
    public void Predict(PackedBatch clips, MatrixView probabilities)
    {
        Forward(clips, null, useBatchStatistics: false).CopyTo(probabilities);
        for (var clip = 0; clip < clips.ClipCount; clip++)
            Softmax.Apply(probabilities[clip]);
    }

    /// <summary>The self-attention that each time step of a clip receives, as the mean over all steps.</summary>
    /// <param name="clip">A batch of one clip.</param>
    /// <returns>[time steps], sum 1; null: the network has no self-attention.</returns>
    public double[]? ComputeReceivedAttention(PackedBatch clip)
    {
        RequireValidBatch(clip);
        var x = clip;
        foreach (var layer in layers)
        {
            x = layer.Forward(x);
            if (layer is not SelfAttention attention)
                continue;
            var received = new double[x.FrameCount(0)];
            attention.ComputeReceivedWeights(0, received);
            return received;
        }
        return null;
    }

    /// <summary>Runs clips without dropout and accumulates their statistics for batch norm.</summary>
    public void AccumulateStatistics(PackedBatch clips)
    {
        Forward(clips, null, useBatchStatistics: false);
        foreach (var norm in batchNorms)
            norm.AccumulateStatistics();
    }

    /// <summary>
    /// Sets batch norm's running statistics to the statistics of the accumulated clips ("precise" batch norm: Wu and
    /// Johnson 2021, "Rethinking 'batch' in BatchNorm"): with a momentum of 0.99 and few steps per epoch the moving
    /// averages lag behind the weights, and dropout inflates the variance.
    /// </summary>
    public void UpdateRunningStatistics()
    {
        foreach (var norm in batchNorms)
            norm.UpdateRunningStatistics();
    }

    /// <summary>From the frames to the logits; for tests.</summary>
    internal IReadOnlyList<Layer> Layers => layers;

    /// <summary>A profiler of this network's stages.</summary>
    internal StageProfiler CreateProfiler()
    {
        string[] names = [.. declaration.Layers.Select(layer => layer.Name)];
        return new([.. names, .. names.Select(name => $"{name}_backward"), "optimizer"]);
    }

    /// <summary>The optimizer's stage in the profiler.</summary>
    internal int OptimizerStage => 2 * layers.Length;

    public void Dispose() => disposables.Dispose();

    private Layer[] CreateLayers()
    {
        var result = new List<Layer>();
        var size = new LayerSize(Capacity, declaration.Width);
        var hasParameters = false;
        foreach (var layer in declaration.Layers)
        {
            var context = new LayerContext
            {
                Name = layer.Name,
                Occurrence = layer.Occurrence,
                Parameters = Parameters,
                Workers = workers,
                Input = size,
                Training = training,
                HasInputGradient = hasParameters,
                ExactConvolution = Options.ExactConvolution,
            };
            result.Add(disposables.Add(layer.Declaration.Create(context)));
            hasParameters |= layer.Declaration.ListParameters(layer.Name, size.Width).Any();
            size = layer.Declaration.GetOutput(size);
        }
        return [.. result];
    }

    private void RequireValidBatch(PackedBatch clips)
    {
        if (clips.Rows.Width != Options.FrameWidth)
            throw new ArgumentException($"feature dimension {clips.Rows.Width}, expected {Options.FrameWidth}");
        if (clips.Rows.Count > Capacity.Rows || clips.ClipCount > Capacity.Clips || clips.ClipCount == 0)
            throw new ArgumentException(
                $"{clips.ClipCount} clips of {clips.Rows.Count} frames, "
                    + $"expected 1 to {Capacity.Clips} of at most {Capacity.Rows}"
            );
        for (var clip = 0; clip < clips.ClipCount; clip++)
            if (clips.FrameCount(clip) < NetworkOptions.MinFrames || clips.FrameCount(clip) > Capacity.Frames)
                throw new ArgumentException(
                    $"clip {clip} has {clips.FrameCount(clip)} frames, "
                        + $"expected {NetworkOptions.MinFrames} to {Capacity.Frames}"
                );
    }
}
