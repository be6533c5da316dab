using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Two LSTMs, one reading each clip forwards and one backwards, side by side in the output (Keras' Bidirectional, concat).</summary>
internal sealed class BidirectionalLstm : IDisposable
{
    private readonly Workers workers;
    private readonly TimeOrder time;
    private readonly LstmDirection[] directions;
    private readonly int width, units;
    private readonly FloatBuffer output;
    private readonly FloatBuffer gradX;
    private readonly Action<int> loop, scatter, loopBack;

    private Ragged x;
    private Rows gradient;

    public BidirectionalLstm(Parameters parameters, NetworkOptions options, Workers workers, LargestBatch largest, bool training)
    {
        this.workers = workers;
        time = new TimeOrder(largest.Clips, largest.Frames);
        (width, units) = (options.Conv2, options.LstmUnits);
        directions =
        [
            new(parameters, "bidirectional/forward_lstm/lstm_cell", reversed: false, options, workers, time, largest, training),
            new(parameters, "bidirectional/backward_lstm/lstm_cell", reversed: true, options, workers, time, largest, training),
        ];
        output = new FloatBuffer(largest.Rows * 2 * units);
        gradX = new FloatBuffer(training ? largest.Rows * width : 0);
        (loop, scatter, loopBack) = (direction => directions[direction].Loop(), Scatter, LoopBack);
    }

    /// <param name="clips">[rows, width].</param>
    /// <param name="draw">For the masks; null: none.</param>
    /// <returns>[rows, 2 units].</returns>
    public Ragged Forward(Ragged clips, Draw? draw)
    {
        x = clips;
        time.Set(clips);
        for (uint direction = 0; direction < 2; direction++) directions[direction].Begin(clips, draw, direction);
        workers.Run(2, loop);
        workers.Run(clips.Clips, scatter);
        return clips.With(Output);
    }

    /// <param name="gradient">[rows, 2 units].</param>
    /// <returns>[rows, width].</returns>
    public Rows Backward(Rows gradient)
    {
        this.gradient = gradient;
        workers.Run(2, loopBack);
        var to = gradX.Rows(0, x.Rows.Count, width);
        to.Clear();
        foreach (var direction in directions) direction.End(to);
        return to;
    }

    public void Dispose()
    {
        foreach (var direction in directions) direction.Dispose();
        output.Dispose();
        gradX.Dispose();
    }

    private Rows Output => output.Rows(0, x.Rows.Count, 2 * units);

    private void Scatter(int rank)
    {
        for (var direction = 0; direction < 2; direction++) directions[direction].Scatter(rank, Output.Columns(direction * units, units));
    }

    private void LoopBack(int direction)
    {
        directions[direction].PrepareBack();
        directions[direction].LoopBack(gradient.Columns(direction * units, units));
    }
}
