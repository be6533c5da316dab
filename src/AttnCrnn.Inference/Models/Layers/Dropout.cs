using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Dropout of single features.</summary>
/// <param name="Rate">Probability that a feature is dropped.</param>
internal sealed record DropoutDeclaration(double Rate) : LayerDeclaration
{
    public override string BaseName => "dropout";

    public override Layer Create(LayerContext context) => new Dropout(this, context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>Element-wise dropout with one random stream per clip; in place, to save memory.</summary>
internal sealed class Dropout : Layer
{
    // Random numbers of the first and of the second dropout layer of a network.
    private static readonly RandomStreamId[] Streams = [RandomStreamId.Dropout, RandomStreamId.HeadDropout];

    private readonly double rate;
    private readonly RandomStreamId streamId;
    private readonly WorkerPool workers;
    private readonly AlignedBuffer masks;
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    private PackedBatch x;
    private MatrixView gradient;
    private RandomStream stream;
    private bool active;

    public Dropout(DropoutDeclaration declaration, LayerContext context)
    {
        rate = declaration.Rate;
        if (context.Occurrence >= Streams.Length)
            throw new ArgumentException($"more than {Streams.Length} dropout layers: each needs its random stream");
        streamId = Streams[context.Occurrence];
        workers = context.Workers;
        masks = new AlignedBuffer(context.Training && rate > 0 ? checked(context.Capacity.Rows * context.Width) : 0);
        forwardClip = ForwardClip;
        backwardClip = BackwardClip;
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        active = pass.Random is not null && rate > 0;
        if (!active)
            return clips;
        x = clips;
        stream = pass.Random!.Value;
        workers.Run(clips.ClipCount, forwardClip);
        return clips;
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        if (!active)
            return gradient;
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        return gradient;
    }

    /// <inheritdoc/>
    public override void Dispose() => masks.Dispose();

    private Span<float> GetMask(int clip) =>
        masks.Rows(x.FirstRow(clip) * x.Rows.Width, x.FrameCount(clip), x.Rows.Width).Span;

    private void ForwardClip(int clip)
    {
        DropoutMask.Fill(stream.ForStream(streamId, (uint)clip), rate, GetMask(clip));
        var values = x.GetClip(clip).Span;
        VectorMath.Multiply(values, GetMask(clip), values);
    }

    private void BackwardClip(int clip)
    {
        var values = gradient.Slice(x.FirstRow(clip), x.FrameCount(clip)).Span;
        VectorMath.Multiply(values, GetMask(clip), values);
    }
}
