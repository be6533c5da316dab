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
    private readonly AlignedBuffer gradInputs; // [rows, width]
    private readonly PackedRight[] packedGates; // per gate: gradGates as right operand of the weights' gradients
    private readonly PackedRight[] transposedKernels;
    private readonly PackedRight[] transposedRecurrents;

    public LstmBackward(LstmDirection direction, BatchCapacity capacity)
    {
        this.direction = direction;
        gradHidden = disposables.Add(new AlignedBuffer(capacity.Rows * direction.Units));
        gradCells = disposables.Add(new AlignedBuffer(capacity.Clips * direction.Units));
        gradInputs = disposables.Add(new AlignedBuffer(capacity.Rows * direction.Width));
        packedGates = disposables.AddAll(LstmDirection.CreatePackedMatrices(capacity.Rows, direction.Units));
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

    /// <summary>Packs one gate's gradient for the weights' gradients.</summary>
    public void PackGate(int gate) => packedGates[gate].Pack(direction.GetGate(GradGates, gate));

    /// <summary>One task of the gradients of kernel, recurrent kernel and bias.</summary>
    public void ComputeWeightGradient(int task)
    {
        var gate = task % Gates;
        var block = task / Gates;
        if (block < FeatureBlocks)
            ComputeKernelGradient(gate, block * FeaturesPerTask);
        else
        {
            ComputeRecurrentGradient(gate);
            VectorMath.SumRows(
                direction.GetGate(GradGates, gate),
                direction.GetGate(direction.Weights.Bias.Gradients, gate)[0]
            );
        }
    }

    /// <summary>The gradient of some rows of x, in time order.</summary>
    public void ComputeInputGradient(int first, int count)
    {
        var grad = GradGates.Slice(first, count);
        var destination = GradInputs.Slice(first, count);
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

    /// <summary>[rows, width], in time order.</summary>
    public MatrixView GradInputs => gradInputs.Rows(0, Rows, direction.Width);

    public void Dispose() => disposables.Dispose();

    private const int FeaturesPerTask = 128;

    private int Rows => direction.Z.Count;

    private int FeatureBlocks => (direction.Width + FeaturesPerTask - 1) / FeaturesPerTask;

    private MatrixView GradHidden => gradHidden.Rows(0, Rows, direction.Units);

    // Overwrites the gates, which are not needed once their gradient is known.
    private MatrixView GradGates => direction.Z;

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
    private void ComputeKernelGradient(int gate, int feature)
    {
        var width = Math.Min(FeaturesPerTask, direction.Width - feature);
        MultiplyGradient(
            gate,
            direction.Inputs.SliceColumns(feature, width),
            direction.Time.Rows,
            direction.InputMaskCount == 0 ? default : direction.InputMasks.SliceColumns(feature, width),
            direction.InputMaskCount == 1 ? 0 : gate,
            direction.GetGate(direction.Weights.Kernel.Gradients, gate).Slice(feature, width)
        );
    }

    private void ComputeRecurrentGradient(int gate) =>
        MultiplyGradient(
            gate,
            direction.Hidden,
            direction.Time.PreviousRows,
            direction.HasStateMasks ? direction.StateMasks : default,
            gate,
            direction.GetGate(direction.Weights.Recurrent.Gradients, gate)
        );

    private void MultiplyGradient(
        int gate,
        MatrixView x,
        ReadOnlySpan<int> rows,
        MatrixView masks,
        int mask,
        MatrixView destination
    )
    {
        Span<int> maskRows = stackalloc int[PackedRight.DepthOfBlock];
        var maskedRows = ThreadScratch.ForThisThread.GetPackedLeft(x.Width);
        for (var first = 0; first < Rows; first += PackedRight.DepthOfBlock)
        {
            var depth = Math.Min(PackedRight.DepthOfBlock, Rows - first);
            for (var k = 0; k < depth; k++)
                maskRows[k] = (Gates * direction.Time.GetClipOfRow(first + k)) + mask;
            maskedRows.Resize(depth, x.Width);
            maskedRows.SetMaskedRows(x, rows.Slice(first, depth), masks, maskRows[..depth]);
            MatrixProduct.Multiply(maskedRows, 0, 0, packedGates[gate], first, destination, accumulate: first > 0);
        }
    }
}
