using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// An LSTM that reads each clip in one direction. Everything is laid out by <see cref="TimeOrder"/>: row base[t] + rank is the clip of that
/// rank at its t-th frame in reading order.
/// </summary>
/// <remarks>
/// Dropout as Keras has it: masks are drawn a clip, constant over time, and scale what they keep; with recurrent dropout there are four for the
/// input and four for the state, one a gate, without it one for the input. The products of all steps' inputs come before the loop over time, the
/// weights' gradients after it. Each method is a part of the work that can be done beside its likes; the caller says in what order.
/// </remarks>
internal sealed class LstmDirection : IDisposable
{
    /// <summary>i, f, c, o.</summary>
    public const int Gates = 4;

    private readonly Parameter kernel,
        recurrent,
        bias;
    private readonly TimeOrder time;
    private readonly bool reversed;
    private readonly int maxRows;
    private readonly double inputDropout,
        recurrentDropout;
    private readonly AlignedBuffer inputs; // x in this layout, [rows, width]
    private readonly AlignedBuffer gates; // z, then i, f, g, o, [rows, 4 units]
    private readonly AlignedBuffer cells,
        cellTanhs,
        hidden; // [rows, units]
    private readonly AlignedBuffer zeros; // the state before the first step, [units]
    private readonly AlignedBuffer inputMasks,
        stateMasks; // [4 clips, …]
    private readonly PackedRight[] kernels,
        recurrents; // a gate each

    private PackedBatch x;
    private bool masked;

    public LstmDirection(
        Parameters parameters,
        string path,
        bool reversed,
        NetworkOptions options,
        TimeOrder time,
        BatchCapacity largest,
        bool training
    )
    {
        (kernel, recurrent, bias) = (
            parameters[$"{path}/kernel"],
            parameters[$"{path}/recurrent_kernel"],
            parameters[$"{path}/bias"]
        );
        (this.time, this.reversed, maxRows) = (time, reversed, largest.Rows);
        (Width, Units) = (kernel.Shape[0], recurrent.Shape[0]);
        (inputDropout, recurrentDropout) = (options.LstmDropout, options.RecurrentDropout);
        inputs = new AlignedBuffer(checked(maxRows * Width));
        gates = new AlignedBuffer(checked(maxRows * Gates * Units));
        (cells, cellTanhs, hidden) = (new(maxRows * Units), new(maxRows * Units), new(maxRows * Units));
        zeros = new AlignedBuffer(Units);
        inputMasks = new AlignedBuffer(training ? Gates * largest.Clips * Width : 0);
        stateMasks = new AlignedBuffer(training ? Gates * largest.Clips * Units : 0);
        (kernels, recurrents) = (Packed(Width, Units), Packed(Units, Units));
        if (training)
            Backward = new LstmBackward(this, largest);
    }

    /// <summary>The way back; null where there is none.</summary>
    public LstmBackward? Backward { get; }

    /// <summary>Numbers a frame.</summary>
    public int Width { get; }

    public int Units { get; }

    /// <summary>Takes a batch, which <see cref="TimeOrder"/> has been set to.</summary>
    /// <param name="dropping">Whether masks will be drawn.</param>
    public void Start(PackedBatch clips, bool dropping)
    {
        x = clips;
        masked = dropping && (inputDropout > 0 || recurrentDropout > 0);
    }

    /// <summary>Packs one gate's weights.</summary>
    public void Pack(int gate)
    {
        kernels[gate].Pack(Gate(kernel.Values, gate));
        recurrents[gate].Pack(Gate(recurrent.Values, gate));
        Backward?.Pack(gate, Gate(kernel.Values, gate), Gate(recurrent.Values, gate));
    }

    /// <summary>Draws one clip's masks.</summary>
    public void DrawMasks(int clip, RandomStream random, uint direction)
    {
        if (!masked)
            return;
        var index = ((uint)clip * 2) + direction;
        DropoutMask.Fill(
            random.ForStream(RandomStreamId.InputDropout, index),
            inputDropout,
            inputMasks.Rows(clip * Gates * Width, 1, Gates * Width)[0]
        );
        DropoutMask.Fill(
            random.ForStream(RandomStreamId.RecurrentDropout, index),
            recurrentDropout,
            stateMasks.Rows(clip * Gates * Units, 1, Gates * Units)[0]
        );
    }

    /// <summary>z of some rows, as far as it comes from x.</summary>
    public void MultiplyInputs(int first, int count)
    {
        var own = Inputs.Slice(first, count);
        for (var row = 0; row < count; row++)
            x.Rows[SourceOf(first + row)].CopyTo(own[row]);
        var seen = own;
        for (var gate = 0; gate < Gates; gate++)
        {
            if (gate == 0 || InputMasks > 1)
                seen = MaskedInputs(own, first, gate);
            MatrixProduct.Multiply(seen, kernels[gate], Gate(Z.Slice(first, count), gate));
        }
    }

    /// <summary>The loop over time for some of the clips, by rank.</summary>
    public void Loop(int firstRank, int ranks)
    {
        for (var step = 0; step < time.Steps && time.Active(step) > firstRank; step++)
        {
            var first = time.Base(step) + firstRank;
            var count = Math.Min(time.Active(step) - firstRank, ranks);
            var z = Z.Slice(first, count);
            for (var gate = 0; gate < Gates && step > 0; gate++)
                MatrixProduct.Multiply(
                    State(gate, Before(Hidden, step, firstRank, count), first),
                    recurrents[gate],
                    Gate(z, gate),
                    accumulate: true
                );
            LstmCell.Forward(
                z,
                bias.Values,
                Before(Cells, step, firstRank, count),
                Cells.Slice(first, count),
                CellTanhs.Slice(first, count),
                Hidden.Slice(first, count)
            );
        }
    }

    /// <summary>The same clips' rows one step before; zeros before the first.</summary>
    internal MatrixView Before(MatrixView rows, int step, int firstRank, int count) =>
        step == 0 ? zeros.Rows(0, count, Units, stride: 0) : rows.Slice(time.Base(step - 1) + firstRank, count);

    /// <summary>The row of x that stands at a row of this layout.</summary>
    public int SourceOf(int row)
    {
        var (clip, step) = (time.ClipOf(row), time.StepOf(row));
        return x.First(clip) + (reversed ? x.Count(clip) - 1 - step : step);
    }

    public void Dispose()
    {
        foreach (
            var buffer in (AlignedBuffer[])[inputs, gates, cells, cellTanhs, hidden, zeros, inputMasks, stateMasks]
        )
            buffer.Dispose();
        foreach (var one in kernels.Concat(recurrents))
            one.Dispose();
        Backward?.Dispose();
    }

    internal static PackedRight[] Packed(int depth, int columns) =>
        [.. Enumerable.Range(0, Gates).Select(_ => new PackedRight(depth, columns))];

    internal (Parameter Kernel, Parameter Recurrent, Parameter Bias) Weights => (kernel, recurrent, bias);

    internal TimeOrder Time => time;

    internal int MaxRows => maxRows;

    /// <summary>[rows, units] in this layout.</summary>
    internal MatrixView Hidden => Create(hidden, Units);

    internal MatrixView Inputs => Create(inputs, Width);

    internal MatrixView Z => Create(gates, Gates * Units);

    internal MatrixView Cells => Create(cells, Units);

    internal MatrixView CellTanhs => Create(cellTanhs, Units);

    /// <summary>Different masks of the input: 4, 1 for all gates, or 0 for none.</summary>
    internal int InputMasks =>
        !masked || inputDropout <= 0 ? 0
        : recurrentDropout > 0 ? Gates
        : 1;

    /// <summary>Whether each gate sees the state through a mask of its own.</summary>
    internal bool MasksStates => masked && recurrentDropout > 0;

    internal MatrixView InputMasksOf => inputMasks.Rows(0, Gates * x.Clips, Width);

    internal MatrixView StateMasksOf => stateMasks.Rows(0, Gates * x.Clips, Units);

    internal MatrixView Gate(MatrixView rows, int gate) => rows.Columns(gate * Units, Units);

    // Rows of x as a gate sees them, in memory of this thread where they are masked.
    private MatrixView MaskedInputs(MatrixView own, int first, int gate)
    {
        if (InputMasks == 0)
            return own;
        var seen = ThreadScratch.ForThisThread.Work(own.Count, own.Width);
        LstmCell.Mask(own, InputMasksOf, time.ClipsOf(first, own.Count), InputMasks == 1 ? 0 : gate, seen);
        return seen;
    }

    // Rows of h as a gate sees them in the step after, whose rows begin with the one given.
    private MatrixView State(int gate, MatrixView before, int first)
    {
        if (!MasksStates)
            return before;
        var seen = ThreadScratch.ForThisThread.Work(before.Count, Units);
        LstmCell.Mask(before, StateMasksOf, time.ClipsOf(first, before.Count), gate, seen);
        return seen;
    }

    private MatrixView Create(AlignedBuffer buffer, int width) => buffer.Rows(0, x.Rows.Count, width);
}
