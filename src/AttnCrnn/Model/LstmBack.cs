using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>The way back through an <see cref="LstmDirection"/>, in parts that can be done beside their likes.</summary>
internal sealed class LstmBack : IDisposable
{
    private const int Gates = LstmDirection.Gates;

    private readonly LstmDirection of;
    private readonly FloatBuffer gradHidden;                    // [rows, units]
    private readonly FloatBuffer gradCells;                     // [clips, units], by rank
    private readonly FloatBuffer gradInputs;                    // [rows, width]
    private readonly PackedRight[] packedGates;                 // gradGates a gate, as the right side of the weights' gradients
    private readonly PackedRight[] turnedKernels, turnedRecurrents;

    public LstmBack(LstmDirection of, LargestBatch largest)
    {
        this.of = of;
        gradHidden = new FloatBuffer(largest.Rows * of.Units);
        gradCells = new FloatBuffer(largest.Clips * of.Units);
        gradInputs = new FloatBuffer(largest.Rows * of.Width);
        packedGates = LstmDirection.Packed(largest.Rows, of.Units);
        (turnedKernels, turnedRecurrents) = (LstmDirection.Packed(of.Units, of.Width), LstmDirection.Packed(of.Units, of.Units));
    }

    /// <summary>Parts of the kernels' gradients: blocks of input features of each gate, and the recurrent kernel with the bias of each gate.</summary>
    public int WeightTasks => Gates * (FeatureBlocks + 1);

    /// <summary>Packs one gate's weights, turned over.</summary>
    public void Pack(int gate, Rows kernel, Rows recurrent)
    {
        turnedKernels[gate].PackTransposed(kernel);
        turnedRecurrents[gate].PackTransposed(recurrent);
    }

    /// <summary>Takes the gradient of the hidden states, where the clips lie, in this layout.</summary>
    /// <param name="gradient">[rows, units].</param>
    public void Begin(Rows gradient)
    {
        gradCells.Clear();
        var to = GradHidden;
        for (var row = 0; row < Rows; row++) gradient[of.SourceOf(row)].CopyTo(to[row]);
    }

    /// <summary>The loop back through time for some of the clips, by rank.</summary>
    public void Loop(int firstRank, int ranks)
    {
        var time = of.Time;
        for (var step = time.Steps - 1; step >= 0; step--)
        {
            if (time.Active(step) <= firstRank) continue;
            var first = time.Base(step) + firstRank;
            var count = Math.Min(time.Active(step) - firstRank, ranks);
            var grad = GradGates.Slice(first, count);
            LstmCell.Backward(
                of.Z.Slice(first, count), of.Before(of.Cells, step, firstRank, count), of.CellTanhs.Slice(first, count),
                GradHidden.Slice(first, count), gradCells.Rows(firstRank * of.Units, count, of.Units), grad);
            if (step > 0) StateGradient(grad, first, GradHidden.Slice(time.Base(step - 1) + firstRank, count));
        }
    }

    /// <summary>Packs one gate's gradient, for the weights'.</summary>
    public void PackGate(int gate) => packedGates[gate].Pack(of.Gate(GradGates, gate));

    /// <summary>One part of the gradients of kernel, recurrent kernel and bias.</summary>
    public void WeightGradient(int task)
    {
        var (gate, part) = (task % Gates, task / Gates);
        if (part < FeatureBlocks) KernelGradient(gate, part * FeaturesOfTask);
        else
        {
            RecurrentGradient(gate);
            Elementwise.SumRows(of.Gate(GradGates, gate), of.Gate(of.Weights.Bias.Gradients, gate)[0]);
        }
    }

    /// <summary>The gradient of some rows of x, in this layout.</summary>
    public void InputGradient(int first, int count)
    {
        var (grad, to) = (GradGates.Slice(first, count), GradInputs.Slice(first, count));
        var clips = of.Time.ClipsOf(first, count);
        if (of.InputMasks <= 1)
        {
            for (var gate = 0; gate < Gates; gate++) MatrixProduct.Multiply(of.Gate(grad, gate), turnedKernels[gate], to, accumulate: gate > 0);
            if (of.InputMasks == 1) LstmCell.Mask(to, of.MasksOfInput, clips, 0, to);
            return;
        }
        to.Clear();
        var part = ThreadScratch.OfThisThread.Work(count, of.Width);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(of.Gate(grad, gate), turnedKernels[gate], part);
            LstmCell.MaskBack(part, of.MasksOfInput, clips, gate, to);
        }
    }

    /// <summary>[rows, width] in this layout.</summary>
    public Rows GradInputs => gradInputs.Rows(0, Rows, of.Width);

    public void Dispose()
    {
        foreach (var buffer in (FloatBuffer[])[gradHidden, gradCells, gradInputs]) buffer.Dispose();
        foreach (var one in packedGates.Concat(turnedKernels).Concat(turnedRecurrents)) one.Dispose();
    }

    private const int FeaturesOfTask = 128;

    private int Rows => of.Z.Count;

    private int FeatureBlocks => (of.Width + FeaturesOfTask - 1) / FeaturesOfTask;

    private Rows GradHidden => gradHidden.Rows(0, Rows, of.Units);

    // Where the gates stand, which nothing needs any more once their gradient is known.
    private Rows GradGates => of.Z;

    // What each gate saw of h in the step before, back through the recurrent kernel and the gate's mask.
    private void StateGradient(Rows grad, int first, Rows to)
    {
        if (!of.MasksStates)
        {
            for (var gate = 0; gate < Gates; gate++) MatrixProduct.Multiply(of.Gate(grad, gate), turnedRecurrents[gate], to, accumulate: true);
            return;
        }
        var part = ThreadScratch.OfThisThread.Work(grad.Count, of.Units);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(of.Gate(grad, gate), turnedRecurrents[gate], part);
            LstmCell.MaskBack(part, of.MasksOfState, of.Time.ClipsOf(first, grad.Count), gate, to);
        }
    }

    // What the gates saw, of x and of the state, is made anew here, a block of rows at a time: kept for all steps it would be eight times x.
    private void KernelGradient(int gate, int feature)
    {
        var width = Math.Min(FeaturesOfTask, of.Width - feature);
        Gradient(
            gate, of.Inputs.Columns(feature, width), of.Time.Rows, of.InputMasks == 0 ? default : of.MasksOfInput.Columns(feature, width), of.InputMasks == 1 ? 0 : gate,
            of.Gate(of.Weights.Kernel.Gradients, gate).Slice(feature, width));
    }

    private void RecurrentGradient(int gate) =>
        Gradient(gate, of.Hidden, of.Time.RowsBefore, of.MasksStates ? of.MasksOfState : default, gate, of.Gate(of.Weights.Recurrent.Gradients, gate));

    private void Gradient(int gate, Rows x, ReadOnlySpan<int> rows, Rows masks, int mask, Rows to)
    {
        Span<int> maskOf = stackalloc int[PackedRight.DepthOfBlock];
        var seen = ThreadScratch.OfThisThread.Left(x.Width);
        for (var first = 0; first < Rows; first += PackedRight.DepthOfBlock)
        {
            var depth = Math.Min(PackedRight.DepthOfBlock, Rows - first);
            for (var k = 0; k < depth; k++) maskOf[k] = (Gates * of.Time.ClipOf(first + k)) + mask;
            seen.Shape(depth, x.Width);
            seen.SetProducts(x, rows.Slice(first, depth), masks, maskOf[..depth]);
            MatrixProduct.Multiply(seen, 0, 0, packedGates[gate], first, to, accumulate: first > 0);
        }
    }
}
