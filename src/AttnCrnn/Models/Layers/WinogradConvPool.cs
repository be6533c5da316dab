using System.Numerics;
using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>By Winograd's products: eight for four outputs instead of twenty (<see cref="Winograd"/> says how).</summary>
/// <remarks>
/// The tiles of all clips are numbered through, each clip's beginning with one of its own. A task takes a block of them from the frames to the pooled
/// outputs, so that what lies between stays in its processor's cache and is kept nowhere; the way back turns the frames into tiles once more,
/// which costs less than fetching them from memory.
/// </remarks>
internal sealed class WinogradConvPool : ConvPool
{
    private const int MaxTilesPerTask = 64;
    private const int ChannelsPerTask = 64;
    private const int ChannelsAtOnce = PackedRight.DepthOfBlock; // of a task's tiles: 64 of them are then half a megabyte, in the second cache

    private readonly Parameter kernel,
        bias;
    private readonly WorkerPool workers;
    private readonly int width,
        filters,
        tilesOfTask;
    private readonly PackedRight[] values; // G, [8][width, filters]
    private readonly AlignedBuffer pooled,
        differences,
        zeros;
    private readonly int[] offsets,
        firstTiles;
    private readonly BackwardPass? backwardPass;
    private readonly Action<int> transformKernel,
        forwardTiles;

    private PackedBatch x,
        y;

    public WinogradConvPool(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity largest,
        bool training,
        bool inputGradient
    )
    {
        (this.kernel, this.bias, this.workers) = (kernel, bias, workers);
        (width, filters) = (kernel.Shape[1], kernel.Shape[2]);
        // Large tasks read the weights less often; with many threads there must be some for each. A power of two, so that a round is a whole number of them.
        tilesOfTask =
            1 << BitOperations.Log2((uint)Math.Clamp(largest.Rows / 12 / workers.Threads, 8, MaxTilesPerTask));
        values = Packed(width, filters);
        foreach (var plane in values)
            plane.Shape(width, filters);
        pooled = new AlignedBuffer(largest.Rows / 2 * filters);
        differences = new AlignedBuffer(largest.Rows / 2 * filters);
        zeros = new AlignedBuffer(Math.Max(width, filters));
        offsets = new int[largest.Clips + 1];
        firstTiles = new int[largest.Clips + 1];
        (transformKernel, forwardTiles) = (TransformKernel, ForwardTiles);
        if (training)
            backwardPass = new BackwardPass(this, largest, inputGradient);
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips)
    {
        x = clips;
        for (var clip = 0; clip < clips.Clips; clip++)
        {
            offsets[clip + 1] = offsets[clip] + (clips.Count(clip) / 2);
            firstTiles[clip + 1] = firstTiles[clip] + Winograd.Tiles(clips.Count(clip));
        }
        y = new PackedBatch(pooled.Rows(0, offsets[clips.Clips], filters), offsets, clips.Clips);
        workers.Run(Tasks(width, ChannelsPerTask), transformKernel);
        workers.Run(Tasks(Tiles, tilesOfTask), forwardTiles);
        return y;
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient) => backwardPass!.Run(gradient);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[pooled, differences, zeros])
            buffer.Dispose();
        foreach (var one in values)
            one.Dispose();
        backwardPass?.Dispose();
    }

    private static PackedRight[] Packed(int depth, int columns) =>
        [.. Enumerable.Range(0, Planes.Count).Select(e => new PackedRight(depth, columns, e))];

    private static int Tasks(int items, int ofTask) => (items + ofTask - 1) / ofTask;

    private int Tiles => firstTiles[x.Clips];

    private MatrixView Zeros(int width) => zeros.Rows(0, 1, width);

    private MatrixView Differences(int clip) => differences.Rows(y.First(clip) * filters, y.Count(clip), filters);

    private void TransformKernel(int task)
    {
        var (first, count) = (task * ChannelsPerTask, Math.Min(ChannelsPerTask, width - (task * ChannelsPerTask)));
        Winograd.Kernel(kernel.Values, values, first, count);
        backwardPass?.TransformKernel(first, count);
    }

    private void ForwardTiles(int task)
    {
        var first = task * tilesOfTask;
        var count = Math.Min(tilesOfTask, Tiles - first);
        var scratch = ThreadScratch.ForThisThread;
        var (products, spare) = (scratch.Products(count, filters), scratch.Row(filters));
        for (var channel = 0; channel < width; channel += ChannelsAtOnce)
        {
            var channels = Math.Min(ChannelsAtOnce, width - channel);
            var inputs = scratch.Inputs(count, channels);
            var (clip, tile) = Place(first);
            for (var row = 0; row < count; row++, Next(ref clip, ref tile))
                Winograd.Input(x.Clip(clip).Columns(channel, channels), tile, Zeros(channels), inputs, row);
            for (var e = 0; e < Planes.Count; e++)
                MatrixProduct.Multiply(inputs[e], values[e], channel, 0, products[e], accumulate: channel > 0);
        }
        var (value, at) = Place(first);
        for (var row = 0; row < count; row++, Next(ref value, ref at))
            Winograd.Output(products, row, bias.Values, y.Clip(value), Differences(value), at, spare);
    }

    // Which clip's tile stands at this number, and which of its tiles.
    private (int Clip, int Tile) Place(int number)
    {
        var (low, high) = (0, x.Clips - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (firstTiles[middle] <= number)
                low = middle;
            else
                high = middle - 1;
        }
        return (low, number - firstTiles[low]);
    }

    private void Next(ref int clip, ref int tile)
    {
        if (++tile < firstTiles[clip + 1] - firstTiles[clip])
            return;
        (clip, tile) = (clip + 1, 0);
    }

    /// <summary>
    /// The way back. A task makes the weights' gradient of some channels, from all tiles: its sums stay in its processor's cache, and every one is a
    /// chain over the tiles in their order, whatever the channels beside it.
    /// </summary>
    private sealed class BackwardPass : IDisposable
    {
        private const int TilesPerRound = 128; // a panel of them is 16 KB: it stays in the first cache while the filters pass by

        private readonly WinogradConvPool layer;
        private readonly PackedLeft[] errors; // E, [8][tiles, filters], as left sides
        private readonly InputGradient? inputGradient;
        private readonly int channelsPerTask,
            filtersPerTask;
        private readonly Action<int> errorTiles,
            gradKernel;

        private MatrixView gradient;

        public BackwardPass(WinogradConvPool winogradConvPool, BatchCapacity largest, bool inputGradient)
        {
            this.layer = winogradConvPool;
            var mostTiles = Math.Max(1, (largest.Rows / 4) + largest.Clips);
            errors =
            [
                .. Enumerable
                    .Range(0, Planes.Count)
                    .Select(e => new PackedLeft(mostTiles, winogradConvPool.filters, TilesPerRound, e)),
            ];
            (channelsPerTask, filtersPerTask) = Cut(
                winogradConvPool.width,
                winogradConvPool.filters,
                winogradConvPool.workers.Threads
            );
            if (inputGradient)
                this.inputGradient = new InputGradient(winogradConvPool, largest, mostTiles);
            (errorTiles, gradKernel) = (ErrorTiles, GradKernel);
        }

        // Up to 128 channels, so that a round's turned tiles and the sums fit the second cache; of these, and of splits of the filters too, which turn the tiles
        // once more for each part, the cut that keeps the threads busiest.
        private static (int Channels, int Filters) Cut(int width, int filters, int threads)
        {
            const int mostChannels = 128,
                leastFilters = 32;
            const double turning = 0.15; // of the time of its products with all filters
            var (best, cut) = (double.MaxValue, (mostChannels, filters));
            for (
                var channels = Math.Max(
                    PackedRight.PanelWidth,
                    mostChannels / PackedRight.PanelWidth * PackedRight.PanelWidth
                );
                channels > 0;
                channels -= PackedRight.PanelWidth
            )
            for (var parts = 1; parts <= Math.Max(1, filters / leastFilters); parts++)
            {
                var filtersOfPart = Packing.Rounded(Tasks(filters, parts), PackedLeft.PanelHeight);
                var rounds = Tasks(Tasks(width, channels) * Tasks(filters, filtersOfPart), threads);
                var cost = rounds * Math.Min(width, channels) * (((double)filtersOfPart / filters) + turning);
                if (cost < best - 1e-9)
                    (best, cut) = (cost, (channels, filtersOfPart));
            }
            return cut;
        }

        /// <summary>What the gradient of x needs of some channels of the kernel.</summary>
        public void TransformKernel(int first, int count) => inputGradient?.TransformKernel(first, count);

        public MatrixView Run(MatrixView gradient)
        {
            this.gradient = gradient;
            foreach (var plane in errors)
                plane.Shape(layer.Tiles, layer.filters);
            layer.workers.Run(Tasks(layer.Tiles, layer.tilesOfTask), errorTiles);
            layer.workers.Run(KernelTasks + 1, gradKernel);
            return inputGradient?.Run() ?? default;
        }

        public void Dispose()
        {
            foreach (var plane in errors)
                plane.Dispose();
            inputGradient?.Dispose();
        }

        private int KernelTasks => Tasks(layer.width, channelsPerTask) * Tasks(layer.filters, filtersPerTask);

        private void ErrorTiles(int task)
        {
            var (first, end) = (task * layer.tilesOfTask, Math.Min(layer.Tiles, (task + 1) * layer.tilesOfTask));
            var (clip, tile) = layer.Place(first);
            var to = inputGradient?.Errors.Slice(first, end - first)
                ?? ThreadScratch.ForThisThread.Products(end - first, layer.filters);
            for (var row = 0; row < end - first; row++, layer.Next(ref clip, ref tile))
                Winograd.OutputGradient(
                    gradient.Slice(layer.y.First(clip), layer.y.Count(clip)),
                    layer.y.Clip(clip),
                    layer.Differences(clip),
                    tile,
                    layer.Zeros(layer.filters),
                    to,
                    row
                );
            for (var e = 0; e < Planes.Count; e++)
                errors[e].SetRows(first, to[e]);
        }

        private void GradKernel(int task)
        {
            if (task == KernelTasks)
            {
                // At the point 1 E is the sum of the tile's four gradients.
                errors[1].SumRows(layer.bias.Gradients.Span);
                return;
            }
            var (first, firstFilter) = (
                task / Tasks(layer.filters, filtersPerTask) * channelsPerTask,
                task % Tasks(layer.filters, filtersPerTask) * filtersPerTask
            );
            var (channels, filters) = (
                Math.Min(channelsPerTask, layer.width - first),
                Math.Min(filtersPerTask, layer.filters - firstFilter)
            );
            var scratch = ThreadScratch.ForThisThread;
            var inputs = scratch.Rights(TilesPerRound, channels);
            var sums = scratch.Products(filters, channels);
            for (var begin = 0; begin < layer.Tiles; begin += TilesPerRound)
            {
                var tiles = Math.Min(TilesPerRound, layer.Tiles - begin);
                foreach (var plane in inputs)
                    plane.Shape(tiles, channels);
                var (clip, tile) = layer.Place(begin);
                for (var row = 0; row < tiles; row++, layer.Next(ref clip, ref tile))
                    Winograd.Input(
                        layer.x.Clip(clip).Columns(first, channels),
                        tile,
                        layer.Zeros(channels),
                        inputs,
                        row
                    );
                for (var e = 0; e < Planes.Count; e++)
                    MatrixProduct.Multiply(errors[e], begin, firstFilter, inputs[e], 0, sums[e], accumulate: begin > 0);
            }
            Winograd.KernelGradient(
                sums,
                layer.kernel.Gradients.Columns(firstFilter, filters),
                first,
                scratch.Work(Taps * filters, channels)
            );
        }
    }

    /// <summary>The gradient of x: dD = E Gᵀ, and back through the inputs' map.</summary>
    private sealed class InputGradient : IDisposable
    {
        private readonly WinogradConvPool layer;
        private readonly AlignedBuffer values; // G, [8][width, filters]
        private readonly PackedRight[] turned; // Gᵀ, [8][filters, width]
        private readonly AlignedBuffer errors; // E, [8][tiles, filters]
        private readonly AlignedBuffer gradInputs; // dD, [8][tiles, width]
        private readonly AlignedBuffer gradX; // [rows, width]
        private readonly Action<int> turn,
            multiplyTiles,
            joinClip;

        public InputGradient(WinogradConvPool winogradConvPool, BatchCapacity largest, int mostTiles)
        {
            this.layer = winogradConvPool;
            values = new AlignedBuffer(Planes.Length(winogradConvPool.width, winogradConvPool.filters));
            turned = Packed(winogradConvPool.filters, winogradConvPool.width);
            errors = new AlignedBuffer(Planes.Length(mostTiles, winogradConvPool.filters));
            gradInputs = new AlignedBuffer(Planes.Length(mostTiles, winogradConvPool.width));
            gradX = new AlignedBuffer(checked(largest.Rows * winogradConvPool.width));
            (turn, multiplyTiles, joinClip) = (e => turned[e].PackTransposed(Values[e]), MultiplyTiles, JoinClip);
        }

        public Planes Errors => new(errors, layer.Tiles, layer.filters);

        public void TransformKernel(int first, int count) => Winograd.Kernel(layer.kernel.Values, Values, first, count);

        public MatrixView Run()
        {
            layer.workers.Run(Planes.Count, turn);
            layer.workers.Run(Tasks(layer.Tiles, layer.tilesOfTask), multiplyTiles);
            layer.workers.Run(layer.x.Clips, joinClip);
            return gradX.Rows(0, layer.x.Rows.Count, layer.width);
        }

        public void Dispose()
        {
            foreach (var buffer in (AlignedBuffer[])[values, errors, gradInputs, gradX])
                buffer.Dispose();
            foreach (var one in turned)
                one.Dispose();
        }

        private Planes Values => new(values, layer.width, layer.filters);

        private Planes GradInputs => new(gradInputs, layer.Tiles, layer.width);

        private void MultiplyTiles(int task)
        {
            var (first, count) = (
                task * layer.tilesOfTask,
                Math.Min(layer.tilesOfTask, layer.Tiles - (task * layer.tilesOfTask))
            );
            for (var e = 0; e < Planes.Count; e++)
                MatrixProduct.Multiply(Errors[e].Slice(first, count), turned[e], GradInputs[e].Slice(first, count));
        }

        // Neighbouring tiles see rows in common, so a clip is one task.
        private void JoinClip(int clip)
        {
            var to = gradX.Rows(layer.x.First(clip) * layer.width, layer.x.Count(clip), layer.width);
            to.Clear();
            var outside = ThreadScratch.ForThisThread.Row(layer.width);
            for (var tile = 0; tile < layer.firstTiles[clip + 1] - layer.firstTiles[clip]; tile++)
                Winograd.InputGradient(GradInputs, layer.firstTiles[clip] + tile, to, tile, outside);
        }
    }
}
