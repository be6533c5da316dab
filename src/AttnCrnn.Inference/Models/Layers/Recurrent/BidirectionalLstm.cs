using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers.Recurrent;

/// <summary>A bidirectional LSTM.</summary>
/// <param name="Units">Units per direction.</param>
/// <param name="InputDropout">Dropout rate of the input, one mask per clip.</param>
/// <param name="RecurrentDropout">Dropout rate of the state, one mask per clip.</param>
internal sealed record BidirectionalLstmDeclaration(int Units, double InputDropout, double RecurrentDropout)
    : LayerDeclaration
{
    public override string BaseName => TensorNames.Bidirectional;

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [
            .. ListCell($"{name}/{TensorNames.ForwardCellPart}", width),
            .. ListCell($"{name}/{TensorNames.BackwardCellPart}", width),
        ];

    public override LayerSize GetOutput(LayerSize input) => input with { Width = 2 * Units };

    public override Layer Create(LayerContext context) => new BidirectionalLstm(this, context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);

    private IEnumerable<ParameterShape> ListCell(string path, int width) =>
        [
            new($"{path}/{TensorNames.KernelPart}", [width, 4 * Units], Initializer.GlorotUniform),
            new($"{path}/{TensorNames.RecurrentKernelPart}", [Units, 4 * Units], Initializer.Orthogonal),
            new($"{path}/{TensorNames.BiasPart}", [4 * Units], Initializer.ForgetGateOnes),
        ];
}

/// <summary>A forward and a backward LSTM whose outputs are concatenated (Keras' Bidirectional, concat).</summary>
/// <remarks>
/// Independent work of both directions runs in parallel: weights and masks; input products; the loops over time, split
/// by direction and by clips; in the backward pass the loops. All gradients of one direction then precede those of the
/// other, which uses the same memory. Clips are independent in a loop, so
/// the split does not change the results.
/// </remarks>
internal sealed class BidirectionalLstm : Layer
{
    private const int RowsPerTask = 64;

    // Rows whose gates are packed at once for the gradients, a multiple of a block of the matrix product. Batches of
    // usual clips have fewer: 32 clips of 263 frames have 2,112 after pooling.
    private const int RowsPerChunk = 32 * PackedRight.DepthOfBlock;

    private readonly WorkerPool workers;
    private readonly Disposables disposables = new();
    private readonly TimeOrder time;
    private readonly LstmDirection[] directions;
    private readonly int width;
    private readonly int units;
    private readonly AlignedBuffer output; // in the backward pass overwritten by the gradient of x
    private readonly Action<int> prepare;
    private readonly Action<int> multiplyInputs;
    private readonly Action<int> runLoop;
    private readonly Action<int> scatter;
    private readonly Action<int> gather;
    private readonly Action<int> runLoopBackward;
    private readonly Action<int> packGate;
    private readonly Action<int> computeGradients;

    private PackedBatch x;
    private int current; // direction whose gradients are computed
    private int firstRow; // of the chunk of them, in time order
    private int rowCount; // of the chunk
    private MatrixView gradient;
    private RandomStream? dropoutStream;

    public BidirectionalLstm(BidirectionalLstmDeclaration declaration, LayerContext context)
    {
        workers = context.Workers;
        time = new TimeOrder(context.Capacity);
        width = context.Width;
        units = declaration.Units;
        PackedRight[] packedGates = context.Training
            ? disposables.AddAll(
                LstmDirection.CreatePackedMatrices(Math.Min(RowsPerChunk, context.Capacity.Rows), units)
            )
            : [];
        LstmDirection CreateDirection(string cell, bool reversed) =>
            disposables.Add(new LstmDirection(declaration, context, cell, reversed, time, packedGates));
        directions =
        [
            CreateDirection(TensorNames.ForwardCellPart, reversed: false),
            CreateDirection(TensorNames.BackwardCellPart, reversed: true),
        ];
        var maxWidth = context.Training ? Math.Max(2 * units, width) : 2 * units;
        output = disposables.Add(new AlignedBuffer(checked(context.Capacity.Rows * maxWidth)));
        prepare = Prepare;
        multiplyInputs = MultiplyInputs;
        runLoop = RunLoop;
        scatter = Scatter;
        gather = Gather;
        runLoopBackward = RunLoopBackward;
        packGate = gate => directions[current].Backward!.PackGate(gate, firstRow, rowCount);
        computeGradients = ComputeGradients;
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        dropoutStream = pass.Random;
        time.SetBatch(clips);
        foreach (var direction in directions)
            direction.Start(clips, dropoutStream is not null);
        workers.Run(2 * (LstmDirection.Gates + clips.ClipCount), prepare);
        workers.Run(2 * CountRowTasks(x.Rows.Count), multiplyInputs);
        workers.Run(2 * Groups, runLoop);
        workers.Run(clips.ClipCount, scatter);
        return clips.WithRows(Output);
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(2, gather);
        workers.Run(2 * Groups, runLoopBackward);
        for (current = 0; current < directions.Length; current++)
        for (firstRow = 0; firstRow < x.Rows.Count; firstRow += rowCount)
        {
            rowCount = Math.Min(RowsPerChunk, x.Rows.Count - firstRow);
            workers.Run(LstmDirection.Gates, packGate);
            workers.Run(directions[current].Backward!.WeightTasks + CountRowTasks(rowCount), computeGradients);
        }
        return GradX;
    }

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    /// <summary>Forward, then backward; for tests.</summary>
    internal IReadOnlyList<LstmDirection> Directions => directions;

    private static int CountRowTasks(int rows) => (rows + RowsPerTask - 1) / RowsPerTask;

    private MatrixView Output => output.Rows(0, x.Rows.Count, 2 * units);

    private MatrixView GradX => output.Rows(0, x.Rows.Count, width);

    // With two threads one direction each, so that the weights are read once for all clips; with more, clips are split.
    private int Groups => Math.Clamp(workers.Threads / 2, 1, x.ClipCount);

    private (int First, int Count) GetRankRange(int group) =>
        (x.ClipCount * group / Groups, (x.ClipCount * (group + 1) / Groups) - (x.ClipCount * group / Groups));

    private void Prepare(int task)
    {
        var direction = task % 2;
        var index = task / 2;
        if (index < LstmDirection.Gates)
            directions[direction].Pack(index);
        else if (dropoutStream is { } random)
            directions[direction].SampleMasks(index - LstmDirection.Gates, random, (uint)direction);
    }

    private void MultiplyInputs(int task)
    {
        var first = task / 2 * RowsPerTask;
        directions[task % 2].MultiplyInputs(first, Math.Min(RowsPerTask, x.Rows.Count - first));
    }

    private void RunLoop(int task)
    {
        var (first, count) = GetRankRange(task / 2);
        directions[task % 2].RunLoop(first, count);
    }

    private void Scatter(int rank)
    {
        var clip = time.GetClip(rank);
        for (var direction = 0; direction < 2; direction++)
        {
            var hidden = directions[direction].Hidden;
            var columns = Output.SliceColumns(direction * units, units);
            for (var step = 0; step < x.FrameCount(clip); step++)
            {
                var row = time.GetFirstRow(step) + rank;
                hidden[row].CopyTo(columns[directions[direction].GetSourceRow(row)]);
            }
        }
    }

    private void Gather(int direction) =>
        directions[direction].Backward!.Start(gradient.SliceColumns(direction * units, units));

    private void RunLoopBackward(int task)
    {
        var (first, count) = GetRankRange(task / 2);
        directions[task % 2].Backward!.RunLoop(first, count);
    }

    private void ComputeGradients(int task)
    {
        var backward = directions[current].Backward!;
        if (task < backward.WeightTasks)
            backward.ComputeWeightGradient(task, firstRow, rowCount);
        else
        {
            var first = (task - backward.WeightTasks) * RowsPerTask;
            var count = Math.Min(RowsPerTask, rowCount - first);
            backward.ComputeInputGradient(firstRow + first, count, GradX, accumulate: current > 0);
        }
    }
}
