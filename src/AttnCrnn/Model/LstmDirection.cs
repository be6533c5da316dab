using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>
/// An LSTM that reads each clip in one direction. Everything is laid out by <see cref="TimeOrder"/>: row base[t] + rank is the clip of that
/// rank at its t-th frame in reading order.
/// </summary>
/// <remarks>
/// Dropout as Keras has it: masks are drawn a clip, constant over time, and scale what they keep; with recurrent dropout there are four for the
/// input and four for the state, one a gate, without it one for the input. Masked inputs of all steps go through one product a gate before the
/// loop; the recurrent kernel's gradient is one product a gate after it.
/// </remarks>
internal sealed class LstmDirection : IDisposable
{
    private const int Gates = 4;

    private readonly Parameter kernel, recurrent, bias;
    private readonly Workers workers;
    private readonly TimeOrder time;
    private readonly bool reversed;
    private readonly int width, units;
    private readonly double inputDropout, recurrentDropout;
    private readonly FloatBuffer inputs;      // [4 or 1 masks][rows, width]
    private readonly FloatBuffer gates;       // [rows, 4 units]
    private readonly FloatBuffer cells, cellTanhs, hidden;
    private readonly FloatBuffer states;      // [4 masks or 1][rows, units]: h of the step before, masked, as the product saw it
    private readonly FloatBuffer inputMasks, recurrentMasks; // [4][clips, …] by clip, not by rank
    private readonly FloatBuffer zeros;
    private readonly Back? back;
    private readonly int mostRows, mostClips;
    private readonly Action<int> gather, loop;

    private Ragged x;
    private bool masked;

    public LstmDirection(
        Parameters parameters, string path, bool reversed, NetworkOptions options, Workers workers, TimeOrder time, LargestBatch largest, bool training)
    {
        (kernel, recurrent, bias) = (parameters[$"{path}/kernel"], parameters[$"{path}/recurrent_kernel"], parameters[$"{path}/bias"]);
        this.workers = workers;
        this.time = time;
        this.reversed = reversed;
        (width, units) = (kernel.Shape[0], recurrent.Shape[0]);
        (inputDropout, recurrentDropout) = (options.LstmDropout, options.RecurrentDropout);
        (mostRows, mostClips) = (largest.Rows, largest.Clips);
        var copies = training ? Gates : 1;
        inputs = new FloatBuffer(checked(copies * mostRows * width));
        gates = new FloatBuffer(checked(mostRows * Gates * units));
        cells = new FloatBuffer(mostRows * units);
        cellTanhs = new FloatBuffer(mostRows * units);
        hidden = new FloatBuffer(mostRows * units);
        states = new FloatBuffer(copies * mostRows * units);
        inputMasks = new FloatBuffer(Gates * mostClips * width);
        recurrentMasks = new FloatBuffer(Gates * mostClips * units);
        zeros = new FloatBuffer(units);
        if (training) back = new Back(this);
        (gather, loop) = (Gather, _ => Loop());
    }

    /// <summary>[rows, units] in this direction's own layout.</summary>
    public Rows Hidden => hidden.Rows(0, x.Rows.Count, units);

    private int InputCopies => masked && recurrentDropout > 0 ? Gates : 1;

    private int StateCopies => InputCopies;

    /// <summary>Draws the masks, lays out the inputs and multiplies them; the loop over time comes next.</summary>
    public void Begin(Ragged clips, Draw? draw, uint direction)
    {
        x = clips;
        masked = draw is not null && (inputDropout > 0 || recurrentDropout > 0);
        if (masked) DrawMasks(draw!.Value, direction);
        workers.Run(clips.Clips, gather);
        var rows = clips.Rows.Count;
        var z = gates.Rows(0, rows, Gates * units);
        if (InputCopies == 1)
        {
            MatrixProduct.Multiply(workers, Input(0), kernel.Values, z);
            return;
        }
        for (var gate = 0; gate < Gates; gate++) MatrixProduct.Multiply(workers, Input(gate), Gate(kernel.Values, gate), Gate(z, gate));
    }

    /// <summary>The loop over time, on the calling thread.</summary>
    public void Loop()
    {
        for (var step = 0; step < time.Steps; step++)
        {
            var (first, count) = (time.Base(step), time.Active(step));
            var z = gates.Rows(first * Gates * units, count, Gates * units);
            if (step > 0)
            {
                var before = hidden.Rows(time.Base(step - 1) * units, count, units);
                for (var copy = 0; copy < StateCopies; copy++) MaskState(before, copy, State(copy, first, count));
                if (StateCopies == 1) MatrixProduct.Multiply(State(0, first, count), recurrent.Values, z, accumulate: true);
                else
                    for (var gate = 0; gate < Gates; gate++)
                        MatrixProduct.Multiply(State(gate, first, count), Gate(recurrent.Values, gate), Gate(z, gate), accumulate: true);
            }
            for (var rank = 0; rank < count; rank++)
            {
                Elementwise.Add(z[rank], bias.Values.Span, z[rank]);
                Elementwise.LstmForward(
                    z[rank], CellBefore(step, rank), Row(cells, first + rank), Row(cellTanhs, first + rank), Row(hidden, first + rank));
            }
        }
    }

    /// <summary>Copies the hidden states to where the clips lie, in the columns given.</summary>
    public void Scatter(int rank, Rows to)
    {
        var clip = time.Clip(rank);
        var (start, count) = (x.First(clip), x.Count(clip));
        for (var step = 0; step < count; step++) Row(hidden, time.Base(step) + rank).CopyTo(to[start + Place(step, count)]);
    }

    /// <summary>The loop back through time, on the calling thread.</summary>
    /// <param name="gradient">[rows, units], of the hidden states where the clips lie.</param>
    public void LoopBack(Rows gradient)
    {
        var (gradState, gradCell) = (back!.GradState, back.GradCell);
        gradState.Clear();
        gradCell.Clear();
        for (var step = time.Steps - 1; step >= 0; step--)
        {
            var (first, count) = (time.Base(step), time.Active(step));
            var gradGates = back.Gates.Rows(first * Gates * units, count, Gates * units);
            for (var rank = 0; rank < count; rank++)
            {
                var clip = time.Clip(rank);
                var gradHidden = Row(gradState, rank);
                Elementwise.Add(gradHidden, gradient[x.First(clip) + Place(step, x.Count(clip))], gradHidden);
                Elementwise.LstmBackward(
                    gates.Rows((first + rank) * Gates * units, 1, Gates * units)[0], CellBefore(step, rank), Row(cellTanhs, first + rank),
                    gradHidden, Row(gradCell, rank), gradGates[rank]);
            }
            if (step > 0) StateGradient(gradGates, count);
        }
    }

    /// <summary>The gradients of the weights, and of x added to what is there.</summary>
    /// <param name="gradX">[rows, width], where the clips lie.</param>
    public void End(Rows gradX)
    {
        var rows = x.Rows.Count;
        var all = back!.Gates.Rows(0, rows, Gates * units);
        back.BiasSums.Sum(all, bias.Gradients.Span);
        // The first step has no state before it.
        var (later, laterRows) = (time.Active(0), rows - time.Active(0));
        for (var gate = 0; gate < Gates; gate++)
        {
            var grad = Gate(all, gate);
            MatrixProduct.MultiplyTransposedLeft(workers, Input(InputCopies == 1 ? 0 : gate), grad, Gate(kernel.Gradients, gate));
            MatrixProduct.MultiplyTransposedLeft(
                workers, State(StateCopies == 1 ? 0 : gate, later, laterRows), grad.Slice(later, laterRows), Gate(recurrent.Gradients, gate));
            if (InputCopies > 1) MatrixProduct.MultiplyTransposedRight(workers, grad, Gate(kernel.Values, gate), back.Input(gate, rows));
        }
        if (InputCopies == 1) MatrixProduct.MultiplyTransposedRight(workers, all, kernel.Values, back.Input(0, rows));
        back.GradX = gradX;
        workers.Run(x.Clips, back.Spread);
    }

    public void Dispose()
    {
        foreach (var buffer in (FloatBuffer[])[inputs, gates, cells, cellTanhs, hidden, states, inputMasks, recurrentMasks, zeros]) buffer.Dispose();
        back?.Dispose();
    }

    private void DrawMasks(Draw draw, uint direction)
    {
        for (var clip = 0; clip < x.Clips; clip++)
        {
            var index = ((uint)clip * 2) + direction;
            DropoutMask.Draw(draw.For(Purpose.InputDropout, index), inputDropout, inputMasks.Rows(clip * Gates * width, 1, Gates * width)[0]);
            DropoutMask.Draw(draw.For(Purpose.RecurrentDropout, index), recurrentDropout, recurrentMasks.Rows(clip * Gates * units, 1, Gates * units)[0]);
        }
    }

    private void Gather(int rank)
    {
        var clip = time.Clip(rank);
        var count = x.Count(clip);
        for (var step = 0; step < count; step++)
        {
            var from = x.Rows[x.First(clip) + Place(step, count)];
            for (var copy = 0; copy < InputCopies; copy++)
            {
                var to = Input(copy)[time.Base(step) + rank];
                if (masked) Elementwise.Multiply(from, InputMask(clip, copy), to);
                else from.CopyTo(to);
            }
        }
    }

    private void MaskState(Rows before, int copy, Rows to)
    {
        for (var rank = 0; rank < before.Count; rank++)
        {
            if (masked && recurrentDropout > 0) Elementwise.Multiply(before[rank], RecurrentMask(time.Clip(rank), copy), to[rank]);
            else before[rank].CopyTo(to[rank]);
        }
    }

    // What reaches h of the step before: each gate's part through the recurrent kernel and that gate's mask.
    private void StateGradient(Rows gradGates, int count)
    {
        var gradState = back!.GradState.Rows(0, count, units);
        if (StateCopies == 1)
        {
            MatrixProduct.Multiply(gradGates, back.RecurrentTurned.Rows(0, Gates * units, units), gradState);
            return;
        }
        gradState.Clear();
        var part = back.Part.Rows(0, count, units);
        for (var gate = 0; gate < Gates; gate++)
        {
            MatrixProduct.Multiply(Gate(gradGates, gate), back.RecurrentTurned.Rows(gate * units * units, units, units), part);
            for (var rank = 0; rank < count; rank++) Elementwise.MultiplyAdd(part[rank], RecurrentMask(time.Clip(rank), gate), gradState[rank]);
        }
    }

    /// <summary>To be called before <see cref="LoopBack"/>: the recurrent kernel turned over, once for all steps.</summary>
    public void PrepareBack() => Transposition.Copy(recurrent.Values, back!.RecurrentTurned.Rows(0, Gates * units, units));

    private int Place(int step, int count) => reversed ? count - 1 - step : step;

    private Rows Input(int copy) => inputs.Rows(copy * mostRows * width, x.Rows.Count, width);

    private Rows State(int copy, int first, int count) => states.Rows(((copy * mostRows) + first) * units, count, units);

    private Rows Gate(Rows rows, int gate) => rows.Columns(gate * units, units);

    private Span<float> InputMask(int clip, int gate) => inputMasks.Rows(((clip * Gates) + gate) * width, 1, width)[0];

    private Span<float> RecurrentMask(int clip, int gate) => recurrentMasks.Rows(((clip * Gates) + gate) * units, 1, units)[0];

    private Span<float> Row(FloatBuffer buffer, int row) => buffer.Rows(row * units, 1, units)[0];

    private ReadOnlySpan<float> CellBefore(int step, int rank) => step == 0 ? zeros.Span : Row(cells, time.Base(step - 1) + rank);

    private sealed class Back : IDisposable
    {
        private readonly LstmDirection of;
        private readonly FloatBuffer inputs; // [4][rows, width]

        public Back(LstmDirection of)
        {
            this.of = of;
            var (rows, units) = (of.mostRows, of.units);
            Gates = new FloatBuffer(rows * LstmDirection.Gates * units);
            GradState = new FloatBuffer(of.mostClips * units);
            GradCell = new FloatBuffer(of.mostClips * units);
            Part = new FloatBuffer(of.mostClips * units);
            RecurrentTurned = new FloatBuffer(LstmDirection.Gates * units * units);
            inputs = new FloatBuffer(checked(LstmDirection.Gates * rows * of.width));
            BiasSums = new ColumnSums(of.workers, rows, LstmDirection.Gates * units);
            Spread = SpreadClip;
        }

        public FloatBuffer Gates { get; }

        public FloatBuffer GradState { get; }

        public FloatBuffer GradCell { get; }

        public FloatBuffer Part { get; }

        public FloatBuffer RecurrentTurned { get; }

        public ColumnSums BiasSums { get; }

        public Rows GradX { get; set; }

        public Action<int> Spread { get; }

        public Rows Input(int copy, int rows) => inputs.Rows(copy * of.mostRows * of.width, rows, of.width);

        public void Dispose()
        {
            foreach (var buffer in (FloatBuffer[])[Gates, GradState, GradCell, Part, RecurrentTurned, inputs]) buffer.Dispose();
            BiasSums.Dispose();
        }

        private void SpreadClip(int rank)
        {
            var clip = of.time.Clip(rank);
            var count = of.x.Count(clip);
            for (var step = 0; step < count; step++)
            {
                var to = GradX[of.x.First(clip) + of.Place(step, count)];
                for (var copy = 0; copy < of.InputCopies; copy++)
                {
                    var from = Input(copy, of.x.Rows.Count)[of.time.Base(step) + rank];
                    if (of.masked) Elementwise.MultiplyAdd(from, of.InputMask(clip, copy), to);
                    else Elementwise.Add(to, from, to);
                }
            }
        }
    }
}
