using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>By Winograd's products: eight for four outputs instead of twenty (<see cref="Winograd"/> says how).</summary>
/// <remarks>
/// The tiles of all clips are numbered through, each clip's beginning with one of its own. A task takes a block of them from the frames to the pooled
/// outputs, so that what lies between stays in its processor's cache and is kept nowhere; the way back turns the frames into tiles once more,
/// which costs less than fetching them from memory.
/// </remarks>
internal sealed class WinogradConvPool : ConvPool
{
    private const int TilesOfTask = 32;
    private const int ChannelsOfTask = 64;

    private readonly Parameter kernel, bias;
    private readonly Workers workers;
    private readonly int width, filters;
    private readonly FloatBuffer values;        // G, [8][width, filters]
    private readonly PackedRight[] packed;      // the same, [8]
    private readonly FloatBuffer pooled, zeros;
    private readonly FloatBuffer differences;
    private readonly int[] offsets;
    private readonly int[] firstTiles;
    private readonly Back? back;
    private readonly Action<int> transformKernel, pack, forwardTiles;

    private Ragged x, y;

    public WinogradConvPool(Parameter kernel, Parameter bias, Workers workers, LargestBatch largest, bool training, bool inputGradient)
    {
        (this.kernel, this.bias, this.workers) = (kernel, bias, workers);
        (width, filters) = (kernel.Shape[1], kernel.Shape[2]);
        values = new FloatBuffer(Planes.Length(width, filters));
        packed = Packed(width, filters);
        pooled = new FloatBuffer(largest.Rows / 2 * filters);
        differences = new FloatBuffer(largest.Rows / 2 * filters);
        zeros = new FloatBuffer(Math.Max(width, filters));
        offsets = new int[largest.Clips + 1];
        firstTiles = new int[largest.Clips + 1];
        (transformKernel, pack, forwardTiles) = (TransformKernel, e => packed[e].Pack(Values[e]), ForwardTiles);
        if (training) back = new Back(this, largest, inputGradient);
    }

    /// <inheritdoc/>
    public override Ragged Forward(Ragged clips)
    {
        x = clips;
        for (var clip = 0; clip < clips.Clips; clip++)
        {
            offsets[clip + 1] = offsets[clip] + (clips.Count(clip) / 2);
            firstTiles[clip + 1] = firstTiles[clip] + Winograd.Tiles(clips.Count(clip));
        }
        y = new Ragged(pooled.Rows(0, offsets[clips.Clips], filters), offsets, clips.Clips);
        workers.Run(Tasks(width, ChannelsOfTask), transformKernel);
        workers.Run(Planes.Count, pack);
        workers.Run(Tasks(Tiles, TilesOfTask), forwardTiles);
        return y;
    }

    /// <inheritdoc/>
    public override Rows Backward(Rows gradient) => back!.Run(gradient);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var buffer in (FloatBuffer[])[values, pooled, differences, zeros]) buffer.Dispose();
        foreach (var one in packed) one.Dispose();
        back?.Dispose();
    }

    private static PackedRight[] Packed(int depth, int columns) => [.. Enumerable.Range(0, Planes.Count).Select(_ => new PackedRight(depth, columns))];

    private static int Tasks(int items, int ofTask) => (items + ofTask - 1) / ofTask;

    private int Tiles => firstTiles[x.Clips];

    private Planes Values => new(values, width, filters);

    private Rows Zeros(int width) => zeros.Rows(0, 1, width);

    private void TransformKernel(int task) =>
        Winograd.Kernel(kernel.Values, Values, task * ChannelsOfTask, Math.Min(ChannelsOfTask, width - (task * ChannelsOfTask)));

    private void ForwardTiles(int task)
    {
        var first = task * TilesOfTask;
        var count = Math.Min(TilesOfTask, Tiles - first);
        var scratch = ThreadScratch.OfThisThread;
        var (inputs, products, spare) = (scratch.Inputs(count, width), scratch.Products(count, filters), scratch.Row(filters));
        var (clip, tile) = Place(first);
        for (var row = 0; row < count; row++, Next(ref clip, ref tile)) Winograd.Input(x.Clip(clip), tile, Zeros(width), inputs, row);
        for (var e = 0; e < Planes.Count; e++) MatrixProduct.Multiply(inputs[e], packed[e], 0, products[e]);
        (clip, tile) = Place(first);
        var all = differences.Rows(0, y.Rows.Count, filters);
        for (var row = 0; row < count; row++, Next(ref clip, ref tile))
            Winograd.Output(products, row, bias.Values, y.Clip(clip), all.Slice(y.First(clip), y.Count(clip)), tile, spare);
    }

    // Which clip's tile stands at this number, and which of its tiles.
    private (int Clip, int Tile) Place(int number)
    {
        var (low, high) = (0, x.Clips - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (firstTiles[middle] <= number) low = middle;
            else high = middle - 1;
        }
        return (low, number - firstTiles[low]);
    }

    private void Next(ref int clip, ref int tile)
    {
        if (++tile < firstTiles[clip + 1] - firstTiles[clip]) return;
        (clip, tile) = (clip + 1, 0);
    }

    /// <summary>The way back.</summary>
    private sealed class Back : IDisposable
    {
        private const int TilesOfRound = PackedRight.DepthOfBlock;
        private const int InputsOfTask = 16; // tiles turned by a task
        private const int ColumnsOfTask = 256;

        private readonly WinogradConvPool of;
        private readonly FloatBuffer errors;      // E, [8][tiles, filters]
        private readonly FloatBuffer gradValues;  // dGᵀ, [8][filters, width]
        private readonly PackedRight[][] inputs;  // D of a round's tiles, and of the next one's
        private readonly ColumnSums biasSums;
        private readonly FloatBuffer? gradInputs, gradX; // dD, [8][tiles, width]; [rows, width]
        private readonly PackedRight[]? turned;   // Gᵀ
        private readonly Action<int> errorTiles, roundTask, gradKernel, packTurned, gradInputTiles, gradClip;

        private Rows gradient;
        private int round;

        public Back(WinogradConvPool of, LargestBatch largest, bool inputGradient)
        {
            this.of = of;
            var mostTiles = Math.Max(1, (largest.Rows / 4) + largest.Clips);
            errors = new FloatBuffer(Planes.Length(mostTiles, of.filters));
            gradValues = new FloatBuffer(Planes.Length(of.filters, of.width));
            inputs = [Packed(TilesOfRound, of.width), Packed(TilesOfRound, of.width)];
            biasSums = new ColumnSums(of.workers, mostTiles, of.filters);
            if (inputGradient)
            {
                gradInputs = new FloatBuffer(Planes.Length(mostTiles, of.width));
                gradX = new FloatBuffer(largest.Rows * of.width);
                turned = Packed(of.filters, of.width);
            }
            (errorTiles, roundTask, gradKernel, packTurned, gradInputTiles, gradClip) = (ErrorTiles, RoundTask, GradKernel, e => turned![e].PackTransposed(of.Values[e]), GradInputTiles, GradClip);
        }

        public Rows Run(Rows gradient)
        {
            this.gradient = gradient;
            var workers = of.workers;
            workers.Run(Tasks(of.Tiles, TilesOfTask), errorTiles);
            // At the point 1 E is the sum of the tile's four gradients.
            biasSums.Sum(Errors[1], of.bias.Gradients.Span);
            for (round = -1; round < Rounds; round++)
            {
                foreach (var plane in inputs[(round + 1) % 2]) plane.Shape(TilesOf(round + 1), of.width);
                workers.Run(ProductsOf(round) + InputTasksOf(round + 1), roundTask);
            }
            workers.Run(Tasks(of.width, ChannelsOfTask), gradKernel);
            if (gradX is null) return default;
            workers.Run(Planes.Count, packTurned);
            workers.Run(Tasks(of.Tiles, TilesOfTask), gradInputTiles);
            workers.Run(of.x.Clips, gradClip);
            return gradX.Rows(0, of.x.Rows.Count, of.width);
        }

        public void Dispose()
        {
            foreach (var buffer in (FloatBuffer?[])[errors, gradValues, gradInputs, gradX]) buffer?.Dispose();
            foreach (var one in inputs[0].Concat(inputs[1]).Concat(turned ?? [])) one.Dispose();
            biasSums.Dispose();
        }

        private Planes Errors => new(errors, of.Tiles, of.filters);

        private int Rounds => Tasks(of.Tiles, TilesOfRound);

        private int TilesOf(int round) => Math.Clamp(of.Tiles - (round * TilesOfRound), 0, TilesOfRound);

        private int ProductsOf(int round) => round < 0 ? 0 : Planes.Count * Tasks(of.width, ColumnsOfTask);

        private int InputTasksOf(int round) => Tasks(TilesOf(round), InputsOfTask);

        private void ErrorTiles(int task)
        {
            var (first, end) = (task * TilesOfTask, Math.Min(of.Tiles, (task + 1) * TilesOfTask));
            var (clip, tile) = of.Place(first);
            var differences = of.differences.Rows(0, of.y.Rows.Count, of.filters);
            for (var row = first; row < end; row++, of.Next(ref clip, ref tile))
            {
                var (from, count) = (of.y.First(clip), of.y.Count(clip));
                Winograd.OutputGradient(gradient.Slice(from, count), of.y.Clip(clip), differences.Slice(from, count), tile, of.Zeros(of.filters), Errors, row);
            }
        }

        // The products of one round, and beside them the tiles of the next: the threads meet once a round.
        private void RoundTask(int task)
        {
            if (task < ProductsOf(round)) GradValues(task);
            else TurnInputs(task - ProductsOf(round));
        }

        private void TurnInputs(int task)
        {
            var next = inputs[(round + 1) % 2];
            var (first, end) = (task * InputsOfTask, Math.Min(TilesOf(round + 1), (task + 1) * InputsOfTask));
            var (clip, tile) = of.Place(((round + 1) * TilesOfRound) + first);
            for (var row = first; row < end; row++, of.Next(ref clip, ref tile)) Winograd.Input(of.x.Clip(clip), tile, of.Zeros(of.width), next, row);
        }

        private void GradValues(int task)
        {
            var (e, column) = (task % Planes.Count, task / Planes.Count * ColumnsOfTask);
            var to = new Planes(gradValues, of.filters, of.width)[e].Columns(column, Math.Min(ColumnsOfTask, of.width - column));
            MatrixProduct.MultiplyTransposedLeft(Errors[e].Slice(round * TilesOfRound, TilesOf(round)), inputs[round % 2][e], column, to, accumulate: round > 0);
        }

        private void GradKernel(int task)
        {
            var (first, count) = (task * ChannelsOfTask, Math.Min(ChannelsOfTask, of.width - (task * ChannelsOfTask)));
            Winograd.KernelGradient(
                new(gradValues, of.filters, of.width), of.kernel.Gradients, first, count, ThreadScratch.OfThisThread.Work(Taps * of.filters, ChannelsOfTask));
        }

        private void GradInputTiles(int task)
        {
            var (first, count) = (task * TilesOfTask, Math.Min(TilesOfTask, of.Tiles - (task * TilesOfTask)));
            var to = new Planes(gradInputs!, of.Tiles, of.width);
            for (var e = 0; e < Planes.Count; e++) MatrixProduct.Multiply(Errors[e].Slice(first, count), turned![e], 0, to[e].Slice(first, count));
        }

        // Neighbouring tiles see rows in common, so a clip is one task.
        private void GradClip(int clip)
        {
            var to = gradX!.Rows(of.x.First(clip) * of.width, of.x.Count(clip), of.width);
            to.Clear();
            var from = new Planes(gradInputs!, of.Tiles, of.width);
            var outside = ThreadScratch.OfThisThread.Row(of.width);
            for (var tile = 0; tile < of.firstTiles[clip + 1] - of.firstTiles[clip]; tile++) Winograd.InputGradient(from, of.firstTiles[clip] + tile, to, tile, outside);
        }
    }
}
