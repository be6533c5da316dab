using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>The way back through an <see cref="LstmDirection"/>, in parts that can be done beside their likes.</summary>
internal sealed class LstmBackward : IDisposable
{
    private const int Gates = LstmDirection.Gates;

    private readonly LstmDirection direction;
    private readonly AlignedBuffer gradHidden; // [rows, units]
    private readonly AlignedBuffer gradCells; // [clips, units], by rank
    private readonly AlignedBuffer gradInputs; // [rows, width]
    private readonly PackedRight[] packedGates; // gradGates a gate, as the right side of the weights' gradients
    private readonly PackedRight[] turnedKernels,
        turnedRecurrents;

    public LstmBackward(LstmDirection lstmDirection, BatchCapacity largest)
    {
        this.direction = lstmDirection;
        gradHidden = new AlignedBuffer(largest.Rows * lstmDirection.Units);
        gradCells = new AlignedBuffer(largest.Clips * lstmDirection.Units);
        gradInputs = new AlignedBuffer(largest.Rows * lstmDirection.Width);
        packedGates = LstmDirection.Packed(largest.Rows, lstmDirection.Units);
        (turnedKernels, turnedRecurrents) = (
            LstmDirection.Packed(lstmDirection.Units, lstmDirection.Width),
            LstmDirection.Packed(lstmDirection.Units, lstmDirection.Units)
        );
    }

    /// <summary>Parts of the kernels' gradients: blocks of input features of each gate, and the recurrent kernel with the bias of each gate.</summary>
    public int WeightTasks => Gates * (FeatureBlocks + 1);

    /// <summary>Packs one gate's weights, turned over.</summary>
    public void Pack(int gate, MatrixView kernel, MatrixView recurrent)
    {
        turnedKernels[gate].PackTransposed(kernel);
        turnedRecurrents[gate].PackTransposed(recurrent);
    }

    /// <summary>Takes the gradient of the hidden states, where the clips lie, in this layout.</summary>
    /// <param name="gradient">[rows, units].</param>
    public void Start(MatrixView gradient)
    {
        gradCells.Clear();
        var to = GradHidden;
        for (var row = 0; row < Rows; row++)
            gradient[direction.SourceOf(row)].CopyTo(to[row]);
    }

    /// <summary>The loop back through time for some of the clips, by rank.</summary>
    public void Loop(int firstRank, int ranks)
    {
        var time = direction.Time;
        for (var step = time.Steps - 1; step >= 0; step--)
        {
            if (time.Active(step) <= firstRank)
                continue;
            var first = time.Base(step) + firstRank;
            var count = Math.Min(time.Active(step) - firstRank, ranks);
            var grad = GradGates.Slice(first, count);
            LstmCell.Backward(
                direction.Z.Slice(first, count),
                direction.Before(direction.Cells, step, firstRank, count),
                direction.CellTanhs.Slice(first, count),
                GradHidden.Slice(first, count),
                gradCells.Rows(firstRank * direction.Units, count, direction.Units),
                grad
            );
            if (step > 0)
                StateGradient(grad, first, GradHidden.Slice(time.Base(step - 1) + firstRank, count));
        }
    }

    /// <summary>Packs one gate's gradient, for the weights'.</summary>
    public void PackGate(int gate) => packedGates[gate].Pack(direction.Gate(GradGates, gate));

    /// <summary>One part of the gradients of kernel, recurrent kernel and bias.</summary>
    public void WeightGradient(int task)
    {
        var (gate, part) = (task % Gates, task / Gates);
        if (part < FeatureBlocks)
            KernelGradient(gate, part * FeaturesPerTask);
        else
        {
            RecurrentGradient(gate);
            VectorMath.SumRows(
                direction.Gate(GradGates, gate),
                direction.Gate(direction.Weights.Bias.Gradients, gate)[0]
            );
        }
    }

    /// <summary>The gradient of some rows of x, in this layout.</summary>
    public void InputGradient(int first, int count)
    {
        var (grad, to) = (GradGates.Slice(first, count), GradInputs.Slice(first, count));
        var clips = direction.Time.ClipsOf(first, count);
        if (direction.InputMasks <= 1)
        {
            for (var gate = 0; gate < Gates; gate++)
                MatrixProduct.Multiply(direction.Gate(grad, gate), turnedKernels[gate], to, accumulate: gate > 0);
            if (direction.InputMasks == 1)
                LstmCell.Mask(to, direction.InputMasksOf, clips, 0, to);
            return;
        }
        to.Clear();
        var part = ThreadScratch.ForThisThread.Work(count, direction.Width);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(direction.Gate(grad, gate), turnedKernels[gate], part);
            LstmCell.MaskBackward(part, direction.InputMasksOf, clips, gate, to);
        }
    }

    /// <summary>[rows, width] in this layout.</summary>
    public MatrixView GradInputs => gradInputs.Rows(0, Rows, direction.Width);

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[gradHidden, gradCells, gradInputs])
            buffer.Dispose();
        foreach (var one in packedGates.Concat(turnedKernels).Concat(turnedRecurrents))
            one.Dispose();
    }

    private const int FeaturesPerTask = 128;

    private int Rows => direction.Z.Count;

    private int FeatureBlocks => (direction.Width + FeaturesPerTask - 1) / FeaturesPerTask;

    private MatrixView GradHidden => gradHidden.Rows(0, Rows, direction.Units);

    // Where the gates stand, which nothing needs any more once their gradient is known.
    private MatrixView GradGates => direction.Z;

    // What each gate saw of h in the step before, back through the recurrent kernel and the gate's mask.
    private void StateGradient(MatrixView grad, int first, MatrixView to)
    {
        if (!direction.MasksStates)
        {
            for (var gate = 0; gate < Gates; gate++)
                MatrixProduct.Multiply(direction.Gate(grad, gate), turnedRecurrents[gate], to, accumulate: true);
            return;
        }
        var part = ThreadScratch.ForThisThread.Work(grad.Count, direction.Units);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(direction.Gate(grad, gate), turnedRecurrents[gate], part);
            LstmCell.MaskBackward(part, direction.StateMasksOf, direction.Time.ClipsOf(first, grad.Count), gate, to);
        }
    }

    // What the gates saw, of x and of the state, is made anew here, a block of rows at a time: kept for all steps it would be eight times x.
    private void KernelGradient(int gate, int feature)
    {
        var width = Math.Min(FeaturesPerTask, direction.Width - feature);
        Gradient(
            gate,
            direction.Inputs.Columns(feature, width),
            direction.Time.Rows,
            direction.InputMasks == 0 ? default : direction.InputMasksOf.Columns(feature, width),
            direction.InputMasks == 1 ? 0 : gate,
            direction.Gate(direction.Weights.Kernel.Gradients, gate).Slice(feature, width)
        );
    }

    private void RecurrentGradient(int gate) =>
        Gradient(
            gate,
            direction.Hidden,
            direction.Time.RowsBefore,
            direction.MasksStates ? direction.StateMasksOf : default,
            gate,
            direction.Gate(direction.Weights.Recurrent.Gradients, gate)
        );

    private void Gradient(int gate, MatrixView x, ReadOnlySpan<int> rows, MatrixView masks, int mask, MatrixView to)
    {
        Span<int> maskOf = stackalloc int[PackedRight.DepthOfBlock];
        var seen = ThreadScratch.ForThisThread.Left(x.Width);
        for (var first = 0; first < Rows; first += PackedRight.DepthOfBlock)
        {
            var depth = Math.Min(PackedRight.DepthOfBlock, Rows - first);
            for (var k = 0; k < depth; k++)
                maskOf[k] = (Gates * direction.Time.ClipOf(first + k)) + mask;
            seen.Shape(depth, x.Width);
            seen.SetProducts(x, rows.Slice(first, depth), masks, maskOf[..depth]);
            MatrixProduct.Multiply(seen, 0, 0, packedGates[gate], first, to, accumulate: first > 0);
        }
    }
}
