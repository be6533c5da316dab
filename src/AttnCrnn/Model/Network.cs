using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>
/// The attention CRNN, "v2" or the "v1" that it replaced, with its memory: laid out once for the largest batch, so that a step allocates nothing. A clip's probabilities are
/// the same bits alone and in any batch, for any number of threads and on any processor.
/// </summary>
internal sealed class Network : IDisposable
{
    private const int AdamTask = 1 << 16; // floats

    private readonly Workers workers;
    private readonly LayerMix? mix;
    private readonly ConvPool conv1, conv2;
    private readonly BidirectionalLstm recurrent;
    private readonly Dropout dropout;
    private readonly SelfAttention attention;
    private readonly LayerNorm? norm;
    private readonly MeanOverTime mean;
    private readonly Head head;
    private readonly FloatBuffer gradLogits;
    private readonly LargestBatch largest;
    private readonly bool training;
    private readonly Action<int> adamTask;

    private (float Rate, float Beta1, float Beta2, float Epsilon) adam;

    /// <param name="largest">Batches may be smaller; their longest clip too.</param>
    /// <param name="training">Whether there shall be memory for gradients.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message says all that is.</exception>
    public Network(NetworkOptions options, Workers workers, LargestBatch largest, bool training)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        Options = options;
        this.workers = workers;
        this.largest = largest;
        this.training = training;
        Parameters = new Parameters(options, training);
        var half = new LargestBatch(largest.Rows / 2, largest.Clips, largest.Frames / 2);
        var quarter = new LargestBatch(half.Rows / 2, largest.Clips, half.Frames / 2);
        var both = 2 * options.LstmUnits;
        mix = options.Layers == 1 ? null : new LayerMix(Parameters[LayerMix.KernelName], options.Width, workers, largest, training);
        conv1 = ConvPool.Of(Parameters["conv1d/kernel"], Parameters["conv1d/bias"], workers, largest, training, inputGradient: mix is not null, options.ExactConvolution);
        conv2 = ConvPool.Of(Parameters["conv1d_1/kernel"], Parameters["conv1d_1/bias"], workers, half, training, inputGradient: true, options.ExactConvolution);
        recurrent = new BidirectionalLstm(Parameters, options, workers, quarter, training);
        dropout = new Dropout(options.Dropout, Purpose.Dropout, both, workers, quarter.Rows, training);
        attention = new SelfAttention(options.HasScale ? Parameters["attention/scale"] : null, options.HasResidual, both, workers, quarter, training);
        norm = options.HasLayerNorm ? new LayerNorm(Parameters["layer_normalization/gamma"], Parameters["layer_normalization/beta"], workers, quarter, training) : null;
        mean = new MeanOverTime(both, workers, quarter, training);
        head = new Head(Parameters, options, workers, largest.Clips, training);
        gradLogits = new FloatBuffer(largest.Clips * options.Classes);
        adamTask = RunAdamTask;
    }

    public NetworkOptions Options { get; }

    public Parameters Parameters { get; }

    /// <summary>Counts where a step's time goes, where there is one.</summary>
    internal StageClock? Clock { get; set; }

    /// <summary>Keras' initial weights; Adam's moments 0.</summary>
    /// <param name="attentionScale">What the logits of the self-attention are multiplied by at the start, where the network has that parameter.</param>
    public void Initialise(Draw draw, float attentionScale = 1)
    {
        Initialisation.Run(Parameters, draw, attentionScale);
        Parameters.Moment.Clear();
        Parameters.Velocity.Clear();
    }

    /// <summary>Emotion logits for clips of any lengths.</summary>
    /// <param name="clips">[rows, layers · width]: the clips' frames end to end, at least 4 a clip.</param>
    /// <param name="draw">For dropout; null: none.</param>
    /// <param name="batchFigures">Whether batch norm uses (and learns) the batch's own figures.</param>
    /// <returns>[clips, classes], before softmax; the network's own memory, valid until its next call.</returns>
    public Rows Forward(Ragged clips, Draw? draw, bool batchFigures)
    {
        Check(clips);
        Clock?.Start();
        var x = mix is null ? clips : Lap(Stage.LayerMix, mix.Forward(clips)); // [rows, width]: Σ w · layer
        x = Lap(Stage.Conv1, conv1.Forward(x));                             // [rows/2, 128]: convolution, ReLU, pool
        x = Lap(Stage.Conv2, conv2.Forward(x));                             // [rows/4, 256]
        x = Lap(Stage.Lstm, recurrent.Forward(x, draw));                    // [rows/4, 256]
        x = Lap(Stage.Dropout, dropout.Forward(x, draw));                   // [rows/4, 256]
        x = Lap(Stage.Attention, attention.Forward(x));                     // [rows/4, 256]: attention(x) + x
        if (norm is not null) x = Lap(Stage.Norm, norm.Forward(x));         // [rows/4, 256]
        var clip = Lap(Stage.Mean, mean.Forward(x));                        // [clips, 256]
        return Lap(Stage.Head, head.Forward(clip, draw, batchFigures));     // [clips, classes]
    }

    /// <summary>The gradients of all parameters, from that of the logits of the last <see cref="Forward"/>.</summary>
    private void Backward(Rows gradient)
    {
        var dx = Lap(Stage.HeadBack, head.Backward(gradient));              // [clips, 256]
        dx = Lap(Stage.MeanBack, mean.Backward(dx));                        // [rows/4, 256]
        if (norm is not null) dx = Lap(Stage.NormBack, norm.Backward(dx));  // [rows/4, 256]
        dx = Lap(Stage.AttentionBack, attention.Backward(dx));              // [rows/4, 256]
        dx = Lap(Stage.DropoutBack, dropout.Backward(dx));                  // [rows/4, 256]
        dx = Lap(Stage.LstmBack, recurrent.Backward(dx));                   // [rows/4, 256]
        dx = Lap(Stage.Conv2Back, conv2.Backward(dx));                      // [rows/2, 128]
        dx = Lap(Stage.Conv1Back, conv1.Backward(dx));                      // [rows, width], where there is a mix
        if (mix is null) return;
        mix.Backward(dx);
        Clock?.Lap(Stage.LayerMixBack);
    }

    private T Lap<T>(Stage stage, T result)
    {
        Clock?.Lap(stage);
        return result;
    }

    /// <summary>Probabilities: no dropout, batch norm by its moving figures.</summary>
    /// <param name="probabilities">[clips, classes].</param>
    public void Predict(Ragged clips, Rows probabilities)
    {
        Forward(clips, null, batchFigures: false).CopyTo(probabilities);
        for (var clip = 0; clip < clips.Clips; clip++) Softmax.InPlace(probabilities[clip]);
    }

    /// <summary>Forward, loss and gradients of one batch.</summary>
    /// <param name="targets">[clips, classes], shares that sum to 1.</param>
    /// <param name="clipWeights">[clips], each clip's class weight.</param>
    /// <param name="draw">For dropout; null: none.</param>
    /// <param name="probabilities">[clips, classes], with dropout.</param>
    /// <returns>Σ weight · cross-entropy / clips.</returns>
    public double TrainStep(Ragged clips, Rows targets, ReadOnlySpan<float> clipWeights, Draw? draw, Rows probabilities)
    {
        if (!training) throw new InvalidOperationException("this network was made to predict: it has no memory for gradients");
        Forward(clips, draw, batchFigures: true).CopyTo(probabilities);
        var gradient = gradLogits.Rows(0, clips.Clips, Options.Classes);
        var loss = 0.0;
        for (var clip = 0; clip < clips.Clips; clip++)
        {
            Softmax.InPlace(probabilities[clip]);
            loss += clipWeights[clip] * Softmax.CrossEntropy(probabilities[clip], targets[clip]);
            Elementwise.Subtract(probabilities[clip], targets[clip], gradient[clip]);
            Elementwise.Scale(gradient[clip], clipWeights[clip] / clips.Clips, gradient[clip]);
        }
        Backward(gradient);
        return loss / clips.Clips;
    }

    /// <summary>Counts clips, without dropout, towards batch norm's moving figures.</summary>
    public void CountFigures(Ragged clips)
    {
        Forward(clips, null, batchFigures: false);
        head.Norm?.CountFigures();
    }

    /// <summary>
    /// Sets batch norm's moving figures to those of the clips counted ("precise" batch norm: Wu and Johnson 2021, "Rethinking 'batch' in
    /// BatchNorm"): with a momentum of .99 and few steps an epoch they lag behind the weights, and dropout widens them.
    /// </summary>
    public void SetMovingFigures() => head.Norm?.SetMovingFigures();

    /// <summary>One step of Adam with the gradients that are there.</summary>
    /// <param name="step">Counted from 1, over the whole training.</param>
    public void ApplyAdam(AdamOptions options, long step)
    {
        var correction = Math.Sqrt(1 - Power(options.Beta2, step)) / (1 - Power(options.Beta1, step));
        adam = ((float)(options.LearningRate * correction), (float)options.Beta1, (float)options.Beta2, (float)options.Epsilon);
        Clock?.Start();
        workers.Run((Parameters.TrainableLength + AdamTask - 1) / AdamTask, adamTask);
        Clock?.Lap(Stage.Adam);
    }

    internal (ConvPool Conv1, ConvPool Conv2, BidirectionalLstm Recurrent, SelfAttention Attention, LayerNorm? Norm, MeanOverTime Mean, Head Head) Layers =>
        (conv1, conv2, recurrent, attention, norm, mean, head);

    public void Dispose()
    {
        foreach (var part in (IDisposable?[])[mix, conv1, conv2, recurrent, dropout, attention, norm, mean, head, gradLogits, Parameters]) part?.Dispose();
    }

    private void RunAdamTask(int task)
    {
        var first = task * AdamTask;
        var length = Math.Min(AdamTask, Parameters.TrainableLength - first);
        Elementwise.Adam(
            Parameters.Values.Span.Slice(first, length), Parameters.Gradients.Span.Slice(first, length), Parameters.Moment.Span.Slice(first, length),
            Parameters.Velocity.Span.Slice(first, length), adam.Rate, adam.Beta1, adam.Beta2, adam.Epsilon);
    }

    // By squaring: the system's pow may differ in its last bit from machine to machine.
    private static double Power(double value, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, value *= value)
            if ((exponent & 1) == 1) result *= value;
        return result;
    }

    private void Check(Ragged clips)
    {
        if (clips.Rows.Width != Options.FrameWidth) throw new ArgumentException($"frames of {clips.Rows.Width} for a network of {Options.FrameWidth}");
        if (clips.Rows.Count > largest.Rows || clips.Clips > largest.Clips || clips.Clips == 0)
            throw new ArgumentException($"{clips.Clips} clips of {clips.Rows.Count} frames, laid out for 1 to {largest.Clips} of {largest.Rows}");
        for (var clip = 0; clip < clips.Clips; clip++)
            if (clips.Count(clip) < NetworkOptions.LeastFrames || clips.Count(clip) > largest.Frames)
                throw new ArgumentException($"clip {clip} has {clips.Count(clip)} frames, expected {NetworkOptions.LeastFrames} to {largest.Frames}");
    }
}
