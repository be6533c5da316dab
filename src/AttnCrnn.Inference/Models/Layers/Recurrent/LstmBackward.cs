using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers.Recurrent;

/// <summary>
/// Backward pass of an <see cref="LstmDirection"/>; each method is a unit of work that may run in parallel with others
/// of its kind.
/// </summary>
internal sealed class LstmBackward : IDisposable
{
    private const int Gates = LstmDirection.Gates;

    private readonly LstmDirection direction;
    private readonly Disposables disposables = new();
    private readonly AlignedBuffer gradHidden; // [rows, units]
    private readonly AlignedBuffer gradCells; // [clips, units], by rank
    private readonly PackedRight[] packedGates; // per gate: gradGates as right operand of the weights' gradients
    private readonly PackedRight[] transposedKernels;
    private readonly PackedRight[] transposedRecurrents;

    /// <param name="packedGates">Memory that other directions may use between the gradients of this one.</param>
    public LstmBackward(LstmDirection direction, BatchCapacity capacity, PackedRight[] packedGates)
    {
        this.direction = direction;
        this.packedGates = packedGates;
        gradHidden = disposables.Add(new AlignedBuffer(capacity.Rows * direction.Units));
        gradCells = disposables.Add(new AlignedBuffer(capacity.Clips * direction.Units));
        transposedKernels = disposables.AddAll(LstmDirection.CreatePackedMatrices(direction.Units, direction.Width));
        transposedRecurrents = disposables.AddAll(LstmDirection.CreatePackedMatrices(direction.Units, direction.Units));
    }

    /// <summary>
    /// Tasks of the weights' gradients: per gate, blocks of input features, and the recurrent kernel with the bias.
    /// </summary>
    public int WeightTasks => Gates * (FeatureBlocks + 1);

    /// <summary>Packs one gate's transposed weights.</summary>
    public void Pack(int gate, MatrixView kernel, MatrixView recurrent)
    {
        transposedKernels[gate].PackTransposed(kernel);
        transposedRecurrents[gate].PackTransposed(recurrent);
    }

    /// <summary>Copies the gradient of the hidden states into time order.</summary>
    /// <param name="gradient">[rows, units].</param>
    public void Start(MatrixView gradient)
    {
        gradCells.Clear();
        var destination = GradHidden;
        for (var row = 0; row < Rows; row++)
            gradient[direction.GetSourceRow(row)].CopyTo(destination[row]);
    }

    /// <summary>Backpropagation through time, for a range of ranks.</summary>
    public void RunLoop(int firstRank, int ranks)
    {
        var time = direction.Time;
        for (var step = time.StepCount - 1; step >= 0; step--)
        {
            if (time.GetActiveClipCount(step) <= firstRank)
                continue;
            var first = time.GetFirstRow(step) + firstRank;
            var count = Math.Min(time.GetActiveClipCount(step) - firstRank, ranks);
            var grad = GradGates.Slice(first, count);
            LstmCell.Backward(
                direction.Z.Slice(first, count),
                direction.GetPreviousStep(direction.Cells, step, firstRank, count),
                direction.CellTanhs.Slice(first, count),
                GradHidden.Slice(first, count),
                gradCells.Rows(firstRank * direction.Units, count, direction.Units),
                grad
            );
            if (step > 0)
                ComputeStateGradient(grad, first, GradHidden.Slice(time.GetFirstRow(step - 1) + firstRank, count));
        }
    }

    /// <summary>Packs one gate's gradient for the weights' gradients, a chunk of rows.</summary>
    public void PackGate(int gate, int firstRow, int rows) =>
        packedGates[gate].Pack(direction.GetGate(GradGates.Slice(firstRow, rows), gate));

    /// <summary>
    /// One task of the gradients of kernel, recurrent kernel and bias: the terms of a chunk of rows, added to those of
    /// the rows before it.
    /// </summary>
    /// <param name="firstRow">A multiple of a block of the matrix product.</param>
    public void ComputeWeightGradient(int task, int firstRow, int rows)
    {
        var gate = task % Gates;
        var block = task / Gates;
        if (block < FeatureBlocks)
            ComputeKernelGradient(gate, block * FeaturesPerTask, firstRow, rows);
        else
        {
            ComputeRecurrentGradient(gate, firstRow, rows);
            if (firstRow == 0)
                VectorMath.SumRows(
                    direction.GetGate(GradGates, gate),
                    direction.GetGate(direction.Weights.Bias.Gradients, gate)[0]
                );
        }
    }

    /// <summary>The gradient of some rows of x, which are a range in time order.</summary>
    /// <param name="destination">[rows, width], in the order of x.</param>
    /// <param name="accumulate">Whether to add to its values.</param>
    public void ComputeInputGradient(int first, int count, MatrixView destination, bool accumulate)
    {
        var rows = ThreadScratch.ForThisThread.GetRows(count, direction.Width);
        ComputeInputGradient(first, rows);
        for (var row = 0; row < count; row++)
        {
            Span<float> target = destination[direction.GetSourceRow(first + row)];
            if (accumulate)
                VectorMath.Add(target, rows[row], target);
            else
                rows[row].CopyTo(target);
        }
    }

    public void Dispose() => disposables.Dispose();

    private const int FeaturesPerTask = 128;

    private int Rows => direction.Z.Count;

    private int FeatureBlocks => (direction.Width + FeaturesPerTask - 1) / FeaturesPerTask;

    private MatrixView GradHidden => gradHidden.Rows(0, Rows, direction.Units);

    // Overwrites the gates, which are not needed once their gradient is known.
    private MatrixView GradGates => direction.Z;

    private void ComputeInputGradient(int first, MatrixView destination)
    {
        var count = destination.Count;
        var grad = GradGates.Slice(first, count);
        var clips = direction.Time.GetClipsOfRows(first, count);
        if (direction.InputMaskCount <= 1)
        {
            for (var gate = 0; gate < Gates; gate++)
                MatrixProduct.Multiply(
                    direction.GetGate(grad, gate),
                    transposedKernels[gate],
                    destination,
                    accumulate: gate > 0
                );
            if (direction.InputMaskCount == 1)
                LstmCell.Mask(destination, direction.InputMasks, clips, 0, destination);
            return;
        }
        destination.Clear();
        var gateGradient = ThreadScratch.ForThisThread.GetMatrix(count, direction.Width);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(direction.GetGate(grad, gate), transposedKernels[gate], gateGradient);
            LstmCell.MaskBackward(gateGradient, direction.InputMasks, clips, gate, destination);
        }
    }

    // Gradient of h at the previous step, through the recurrent kernel and each gate's mask.
    private void ComputeStateGradient(MatrixView grad, int first, MatrixView destination)
    {
        if (!direction.HasStateMasks)
        {
            for (var gate = 0; gate < Gates; gate++)
                MatrixProduct.Multiply(
                    direction.GetGate(grad, gate),
                    transposedRecurrents[gate],
                    destination,
                    accumulate: true
                );
            return;
        }
        var gateGradient = ThreadScratch.ForThisThread.GetMatrix(grad.Count, direction.Units);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(direction.GetGate(grad, gate), transposedRecurrents[gate], gateGradient);
            LstmCell.MaskBackward(
                gateGradient,
                direction.StateMasks,
                direction.Time.GetClipsOfRows(first, grad.Count),
                gate,
                destination
            );
        }
    }

    // The masked inputs and states are recomputed in blocks of rows: stored for all steps they would take eight times
    // x.
    private void ComputeKernelGradient(int gate, int feature, int firstRow, int rows)
    {
        var width = Math.Min(FeaturesPerTask, direction.Width - feature);
        MultiplyGradient(
            gate,
            direction.Inputs.SliceColumns(feature, width),
            direction.SourceRows.Slice(firstRow, rows),
            direction.InputMaskCount == 0 ? default : direction.InputMasks.SliceColumns(feature, width),
            direction.InputMaskCount == 1 ? 0 : gate,
            firstRow,
            direction.GetGate(direction.Weights.Kernel.Gradients, gate).Slice(feature, width)
        );
    }

    private void ComputeRecurrentGradient(int gate, int firstRow, int rows) =>
        MultiplyGradient(
            gate,
            direction.Hidden,
            direction.Time.PreviousRows.Slice(firstRow, rows),
            direction.HasStateMasks ? direction.StateMasks : default,
            gate,
            firstRow,
            direction.GetGate(direction.Weights.Recurrent.Gradients, gate)
        );

    private void MultiplyGradient(
        int gate,
        MatrixView x,
        ReadOnlySpan<int> rows,
        MatrixView masks,
        int mask,
        int firstRow,
        MatrixView destination
    )
    {
        Span<int> maskRows = stackalloc int[PackedRight.DepthOfBlock];
        var maskedRows = ThreadScratch.ForThisThread.GetPackedLeft(x.Width);
        for (var first = 0; first < rows.Length; first += PackedRight.DepthOfBlock)
        {
            var depth = Math.Min(PackedRight.DepthOfBlock, rows.Length - first);
            for (var k = 0; k < depth; k++)
                maskRows[k] = (Gates * direction.Time.GetClipOfRow(firstRow + first + k)) + mask;
            maskedRows.Resize(depth, x.Width);
            maskedRows.SetMaskedRows(x, rows.Slice(first, depth), masks, maskRows[..depth]);
            MatrixProduct.Multiply(
                maskedRows,
                0,
                0,
                packedGates[gate],
                first,
                destination,
                accumulate: firstRow + first > 0
            );
        }
    }
}
