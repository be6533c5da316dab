using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Layers.Recurrent;

/// <summary>
/// An LSTM that reads each clip in one direction. All rows are in <see cref="TimeOrder"/>: row firstRow[t] + rank
/// holds the t-th frame, in reading order, of the clip with that rank.
/// </summary>
/// <remarks>
/// Dropout as in Keras: inverted, with masks per clip that are constant over time; with recurrent dropout one mask per
/// gate for the input and for the state, without it one mask for the input. Input products are computed before the loop
/// over time, weight gradients after it. Each method is a unit of work that may run in parallel with others of its
/// kind; the caller schedules them.
/// </remarks>
internal sealed class LstmDirection : IDisposable
{
    /// <summary>Number of gates; their order is i, f, c, o.</summary>
    public const int Gates = 4;

    private readonly Disposables disposables = new();
    private readonly Parameter kernel;
    private readonly Parameter recurrent;
    private readonly Parameter bias;
    private readonly TimeOrder time;
    private readonly bool reversed;
    private readonly double inputDropout;
    private readonly double recurrentDropout;
    private readonly int[] sourceRows; // of x, for each row in time order
    private readonly AlignedBuffer gates; // z, then i, f, g, o, [rows, 4 units]
    private readonly AlignedBuffer cells; // [rows, units]
    private readonly AlignedBuffer cellTanhs; // [rows, units]
    private readonly AlignedBuffer hidden; // [rows, units]
    private readonly AlignedBuffer zeros; // the state before the first step, [units]
    private readonly AlignedBuffer inputMasks; // [4 clips, width]
    private readonly AlignedBuffer stateMasks; // [4 clips, units]
    private readonly PackedRight[] kernels; // per gate
    private readonly PackedRight[] recurrents; // per gate

    private PackedBatch x;
    private bool hasMasks;

    /// <param name="cell">Path of the cell's parameters in the layer.</param>
    /// <param name="packedGates">Memory of the backward pass, which both directions use in turn.</param>
    public LstmDirection(
        BidirectionalLstmDeclaration declaration,
        LayerContext context,
        string cell,
        bool reversed,
        TimeOrder time,
        PackedRight[] packedGates
    )
    {
        kernel = context.GetParameter($"{cell}/{TensorNames.KernelPart}");
        recurrent = context.GetParameter($"{cell}/{TensorNames.RecurrentKernelPart}");
        bias = context.GetParameter($"{cell}/{TensorNames.BiasPart}");
        var capacity = context.Capacity;
        var training = context.Training;
        this.time = time;
        this.reversed = reversed;
        var maxRows = capacity.Rows;
        Width = kernel.Shape[0];
        Units = recurrent.Shape[0];
        inputDropout = declaration.InputDropout;
        recurrentDropout = declaration.RecurrentDropout;
        sourceRows = new int[maxRows];
        gates = disposables.Add(new AlignedBuffer(checked(maxRows * Gates * Units)));
        cells = disposables.Add(new AlignedBuffer(maxRows * Units));
        cellTanhs = disposables.Add(new AlignedBuffer(maxRows * Units));
        hidden = disposables.Add(new AlignedBuffer(maxRows * Units));
        zeros = disposables.Add(new AlignedBuffer(Units));
        inputMasks = disposables.Add(new AlignedBuffer(training ? Gates * capacity.Clips * Width : 0));
        stateMasks = disposables.Add(new AlignedBuffer(training ? Gates * capacity.Clips * Units : 0));
        kernels = disposables.AddAll(CreatePackedMatrices(Width, Units));
        recurrents = disposables.AddAll(CreatePackedMatrices(Units, Units));
        if (training)
            Backward = disposables.Add(new LstmBackward(this, capacity, packedGates));
    }

    /// <summary>The backward pass; null if the network is for inference only.</summary>
    public LstmBackward? Backward { get; }

    /// <summary>Feature dimension of the input.</summary>
    public int Width { get; }

    public int Units { get; }

    /// <summary>Sets the batch, for which <see cref="TimeOrder"/> must already be set.</summary>
    /// <param name="hasDropout">Whether dropout is applied.</param>
    public void Start(PackedBatch clips, bool hasDropout)
    {
        x = clips;
        for (var row = 0; row < clips.Rows.Count; row++)
            sourceRows[row] = FindSourceRow(row);
        hasMasks = hasDropout && (inputDropout > 0 || recurrentDropout > 0);
    }

    /// <summary>Packs one gate's weights.</summary>
    public void Pack(int gate)
    {
        kernels[gate].Pack(GetGate(kernel.Values, gate));
        recurrents[gate].Pack(GetGate(recurrent.Values, gate));
        Backward?.Pack(gate, GetGate(kernel.Values, gate), GetGate(recurrent.Values, gate));
    }

    /// <summary>Samples one clip's dropout masks.</summary>
    public void SampleMasks(int clip, RandomStream random, uint direction)
    {
        if (!hasMasks)
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

    /// <summary>The input's contribution to z for some rows.</summary>
    public void MultiplyInputs(int first, int count)
    {
        var rows = ThreadScratch.ForThisThread.GetRows(count, Width);
        for (var row = 0; row < count; row++)
            x.Rows[sourceRows[first + row]].CopyTo(rows[row]);
        var maskedRows = rows;
        for (var gate = 0; gate < Gates; gate++)
        {
            if (gate == 0 || InputMaskCount > 1)
                maskedRows = GetMaskedInputs(rows, first, gate);
            MatrixProduct.Multiply(maskedRows, kernels[gate], GetGate(Z.Slice(first, count), gate));
        }
    }

    /// <summary>The loop over time, for a range of ranks.</summary>
    public void RunLoop(int firstRank, int ranks)
    {
        for (var step = 0; step < time.StepCount && time.GetActiveClipCount(step) > firstRank; step++)
        {
            var first = time.GetFirstRow(step) + firstRank;
            var count = Math.Min(time.GetActiveClipCount(step) - firstRank, ranks);
            var z = Z.Slice(first, count);
            for (var gate = 0; gate < Gates && step > 0; gate++)
                MatrixProduct.Multiply(
                    GetMaskedState(gate, GetPreviousStep(Hidden, step, firstRank, count), first),
                    recurrents[gate],
                    GetGate(z, gate),
                    accumulate: true
                );
            LstmCell.Forward(
                z,
                bias.Values,
                GetPreviousStep(Cells, step, firstRank, count),
                Cells.Slice(first, count),
                CellTanhs.Slice(first, count),
                Hidden.Slice(first, count)
            );
        }
    }

    /// <summary>The same clips' rows at the previous step; zeros before the first.</summary>
    internal MatrixView GetPreviousStep(MatrixView rows, int step, int firstRank, int count) =>
        step == 0 ? zeros.Rows(0, count, Units, stride: 0) : rows.Slice(time.GetFirstRow(step - 1) + firstRank, count);

    /// <summary>The row of x for a row in time order.</summary>
    public int GetSourceRow(int row) => sourceRows[row];

    public void Dispose() => disposables.Dispose();

    internal static PackedRight[] CreatePackedMatrices(int depth, int columns) =>
        [.. Enumerable.Range(0, Gates).Select(_ => new PackedRight(depth, columns))];

    internal (Parameter Kernel, Parameter Recurrent, Parameter Bias) Weights => (kernel, recurrent, bias);

    internal TimeOrder Time => time;

    /// <summary>[rows, units], in time order.</summary>
    internal MatrixView Hidden => GetRows(hidden, Units);

    /// <summary>[rows, width], in the order of the clips.</summary>
    internal MatrixView Inputs => x.Rows;

    /// <summary>The row of <see cref="Inputs"/> for each row in time order.</summary>
    internal ReadOnlySpan<int> SourceRows => sourceRows.AsSpan(0, x.Rows.Count);

    internal MatrixView Z => GetRows(gates, Gates * Units);

    internal MatrixView Cells => GetRows(cells, Units);

    internal MatrixView CellTanhs => GetRows(cellTanhs, Units);

    /// <summary>Number of input masks per clip: one per gate, 1 for all gates, or 0 without dropout.</summary>
    internal int InputMaskCount =>
        !hasMasks || inputDropout <= 0 ? 0
        : recurrentDropout > 0 ? Gates
        : 1;

    /// <summary>Whether the state has a mask per gate.</summary>
    internal bool HasStateMasks => hasMasks && recurrentDropout > 0;

    internal MatrixView InputMasks => inputMasks.Rows(0, Gates * x.ClipCount, Width);

    internal MatrixView StateMasks => stateMasks.Rows(0, Gates * x.ClipCount, Units);

    internal MatrixView GetGate(MatrixView rows, int gate) => rows.SliceColumns(gate * Units, Units);

    // Rows of x with a gate's mask applied, in thread-local memory if masked.
    private MatrixView GetMaskedInputs(MatrixView rows, int first, int gate)
    {
        if (InputMaskCount == 0)
            return rows;
        var maskedRows = ThreadScratch.ForThisThread.GetMatrix(rows.Count, rows.Width);
        LstmCell.Mask(
            rows,
            InputMasks,
            time.GetClipsOfRows(first, rows.Count),
            InputMaskCount == 1 ? 0 : gate,
            maskedRows
        );
        return maskedRows;
    }

    // Rows of h with a gate's mask applied, for the step whose rows start at `first`.
    private MatrixView GetMaskedState(int gate, MatrixView previous, int first)
    {
        if (!HasStateMasks)
            return previous;
        var maskedRows = ThreadScratch.ForThisThread.GetMatrix(previous.Count, Units);
        LstmCell.Mask(previous, StateMasks, time.GetClipsOfRows(first, previous.Count), gate, maskedRows);
        return maskedRows;
    }

    private int FindSourceRow(int row)
    {
        var clip = time.GetClipOfRow(row);
        var step = time.GetStepOfRow(row);
        return x.FirstRow(clip) + (reversed ? x.FrameCount(clip) - 1 - step : step);
    }

    private MatrixView GetRows(AlignedBuffer buffer, int width) => buffer.Rows(0, x.Rows.Count, width);
}
