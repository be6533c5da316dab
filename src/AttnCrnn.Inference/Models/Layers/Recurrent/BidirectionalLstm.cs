using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
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
/// by direction and by clips; in the backward pass the loops, then all gradients. Clips are independent in a loop, so
/// the split does not change the results.
/// </remarks>
internal sealed class BidirectionalLstm : Layer
{
    private const int RowsPerTask = 64;

    private readonly WorkerPool workers;
    private readonly Disposables disposables = new();
    private readonly TimeOrder time;
    private readonly LstmDirection[] directions;
    private readonly int width;
    private readonly int units;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;
    private readonly Action<int> prepare;
    private readonly Action<int> multiplyInputs;
    private readonly Action<int> runLoop;
    private readonly Action<int> scatter;
    private readonly Action<int> gather;
    private readonly Action<int> runLoopBackward;
    private readonly Action<int> packGate;
    private readonly Action<int> computeGradients;
    private readonly Action<int> sumInputGradients;

    private PackedBatch x;
    private MatrixView gradient;
    private RandomStream? dropoutStream;

    public BidirectionalLstm(BidirectionalLstmDeclaration declaration, LayerContext context)
    {
        workers = context.Workers;
        time = new TimeOrder(context.Capacity);
        width = context.Width;
        units = declaration.Units;
        LstmDirection CreateDirection(string cell, bool reversed) =>
            disposables.Add(new LstmDirection(declaration, context, cell, reversed, time));
        directions =
        [
            CreateDirection(TensorNames.ForwardCellPart, reversed: false),
            CreateDirection(TensorNames.BackwardCellPart, reversed: true),
        ];
        output = disposables.Add(new AlignedBuffer(context.Capacity.Rows * 2 * units));
        gradX = disposables.Add(new AlignedBuffer(context.Training ? context.Capacity.Rows * width : 0));
        prepare = Prepare;
        multiplyInputs = MultiplyInputs;
        runLoop = RunLoop;
        scatter = Scatter;
        gather = Gather;
        runLoopBackward = RunLoopBackward;
        packGate = task => directions[task % 2].Backward!.PackGate(task / 2);
        computeGradients = ComputeGradients;
        sumInputGradients = SumInputGradients;
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
        workers.Run(2 * RowTasks, multiplyInputs);
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
        workers.Run(2 * LstmDirection.Gates, packGate);
        workers.Run(2 * (directions[0].Backward!.WeightTasks + RowTasks), computeGradients);
        workers.Run(x.ClipCount, sumInputGradients);
        return gradX.Rows(0, x.Rows.Count, width);
    }

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    /// <summary>Forward, then backward; for tests.</summary>
    internal IReadOnlyList<LstmDirection> Directions => directions;

    private MatrixView Output => output.Rows(0, x.Rows.Count, 2 * units);

    private int RowTasks => (x.Rows.Count + RowsPerTask - 1) / RowsPerTask;

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
        var backward = directions[task % 2].Backward!;
        var index = task / 2;
        if (index < backward.WeightTasks)
            backward.ComputeWeightGradient(index);
        else
        {
            var first = (index - backward.WeightTasks) * RowsPerTask;
            backward.ComputeInputGradient(first, Math.Min(RowsPerTask, x.Rows.Count - first));
        }
    }

    private void SumInputGradients(int rank)
    {
        var clip = time.GetClip(rank);
        var gradInput = gradX.Rows(x.FirstRow(clip) * width, x.FrameCount(clip), width);
        var forward = directions[0].Backward!.GradInputs;
        var backward = directions[1].Backward!.GradInputs;
        for (var t = 0; t < gradInput.Count; t++)
            VectorMath.Add(
                forward[time.GetFirstRow(t) + rank],
                backward[time.GetFirstRow(gradInput.Count - 1 - t) + rank],
                gradInput[t]
            );
    }
}
