using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Two LSTMs, one reading each clip forwards and one backwards, side by side in the output (Keras' Bidirectional, concat).</summary>
/// <remarks>
/// What can be done side by side is one round of the workers for both directions: weights and masks; the inputs' products; the loops over time, split by
/// direction and by clips; on the way back the loops, then all gradients. Clips do not meet in a loop, so how they are split changes no bit.
/// </remarks>
internal sealed class BidirectionalLstm : IDisposable
{
    private const int RowsPerTask = 64;

    private readonly WorkerPool workers;
    private readonly TimeOrder time;
    private readonly LstmDirection[] directions;
    private readonly int width,
        units;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;
    private readonly Action<int> prepare,
        multiplyInputs,
        loop,
        scatter,
        gather,
        loopBackward,
        packGate,
        gradients,
        join;

    private PackedBatch x;
    private MatrixView gradient;
    private RandomStream? draw;

    public BidirectionalLstm(
        Parameters parameters,
        NetworkOptions options,
        WorkerPool workers,
        BatchCapacity largest,
        bool training
    )
    {
        this.workers = workers;
        time = new TimeOrder(largest);
        (width, units) = (options.Conv2Filters, options.LstmUnits);
        directions =
        [
            new(parameters, "bidirectional/forward_lstm/lstm_cell", reversed: false, options, time, largest, training),
            new(parameters, "bidirectional/backward_lstm/lstm_cell", reversed: true, options, time, largest, training),
        ];
        output = new AlignedBuffer(largest.Rows * 2 * units);
        gradX = new AlignedBuffer(training ? largest.Rows * width : 0);
        (prepare, multiplyInputs, loop, scatter) = (Prepare, MultiplyInputs, Loop, Scatter);
        (gather, loopBackward, packGate, gradients, join) = (
            Gather,
            LoopBackward,
            task => directions[task % 2].Backward!.PackGate(task / 2),
            Gradients,
            Join
        );
    }

    /// <param name="clips">[rows, width].</param>
    /// <param name="random">For the masks; null: none.</param>
    /// <returns>[rows, 2 units].</returns>
    public PackedBatch Forward(PackedBatch clips, RandomStream? random)
    {
        (x, this.draw) = (clips, random);
        time.Set(clips);
        foreach (var direction in directions)
            direction.Start(clips, random is not null);
        workers.Run(2 * (LstmDirection.Gates + clips.Clips), prepare);
        workers.Run(2 * RowTasks, multiplyInputs);
        workers.Run(2 * Groups, loop);
        workers.Run(clips.Clips, scatter);
        return clips.With(Output);
    }

    /// <param name="gradient">[rows, 2 units].</param>
    /// <returns>[rows, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(2, gather);
        workers.Run(2 * Groups, loopBackward);
        workers.Run(2 * LstmDirection.Gates, packGate);
        workers.Run(2 * (directions[0].Backward!.WeightTasks + RowTasks), gradients);
        workers.Run(x.Clips, join);
        return gradX.Rows(0, x.Rows.Count, width);
    }

    public void Dispose()
    {
        foreach (var direction in directions)
            direction.Dispose();
        output.Dispose();
        gradX.Dispose();
    }

    /// <summary>Forwards, then backwards: for tests.</summary>
    internal IReadOnlyList<LstmDirection> Directions => directions;

    private MatrixView Output => output.Rows(0, x.Rows.Count, 2 * units);

    private int RowTasks => (x.Rows.Count + RowsPerTask - 1) / RowsPerTask;

    // With two threads a direction each, the weights being read once for all clips; with more, the clips are split.
    private int Groups => Math.Clamp(workers.Threads / 2, 1, x.Clips);

    private (int First, int Count) Group(int group) =>
        (x.Clips * group / Groups, (x.Clips * (group + 1) / Groups) - (x.Clips * group / Groups));

    private void Prepare(int task)
    {
        var (direction, part) = (task % 2, task / 2);
        if (part < LstmDirection.Gates)
            directions[direction].Pack(part);
        else if (draw is { } item)
            directions[direction].DrawMasks(part - LstmDirection.Gates, item, (uint)direction);
    }

    private void MultiplyInputs(int task)
    {
        var first = task / 2 * RowsPerTask;
        directions[task % 2].MultiplyInputs(first, Math.Min(RowsPerTask, x.Rows.Count - first));
    }

    private void Loop(int task)
    {
        var (first, count) = Group(task / 2);
        directions[task % 2].Loop(first, count);
    }

    private void Scatter(int rank)
    {
        var clip = time.Clip(rank);
        for (var direction = 0; direction < 2; direction++)
        {
            var (from, to) = (directions[direction].Hidden, Output.Columns(direction * units, units));
            for (var step = 0; step < x.Count(clip); step++)
                from[time.Base(step) + rank].CopyTo(to[directions[direction].SourceOf(time.Base(step) + rank)]);
        }
    }

    private void Gather(int direction) =>
        directions[direction].Backward!.Start(gradient.Columns(direction * units, units));

    private void LoopBackward(int task)
    {
        var (first, count) = Group(task / 2);
        directions[task % 2].Backward!.Loop(first, count);
    }

    private void Gradients(int task)
    {
        var (back, part) = (directions[task % 2].Backward!, task / 2);
        if (part < back.WeightTasks)
            back.WeightGradient(part);
        else
        {
            var first = (part - back.WeightTasks) * RowsPerTask;
            back.InputGradient(first, Math.Min(RowsPerTask, x.Rows.Count - first));
        }
    }

    private void Join(int rank)
    {
        var clip = time.Clip(rank);
        var to = gradX.Rows(x.First(clip) * width, x.Count(clip), width);
        var (forward, backward) = (directions[0].Backward!.GradInputs, directions[1].Backward!.GradInputs);
        for (var t = 0; t < to.Count; t++)
            VectorMath.Add(forward[time.Base(t) + rank], backward[time.Base(to.Count - 1 - t) + rank], to[t]);
    }
}
