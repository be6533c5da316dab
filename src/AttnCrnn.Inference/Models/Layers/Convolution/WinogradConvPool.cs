using System.Numerics;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>
/// Winograd convolution: eight products for four outputs instead of twenty (see <see cref="Winograd"/>).
/// </summary>
/// <remarks>
/// The tiles of all clips are numbered consecutively; each clip starts a new tile. A task computes a block of tiles
/// from frames to pooled outputs, so that intermediate values stay in the processor's cache and are not stored; the
/// backward pass transforms the frames again, which costs less than loading stored tiles from memory.
/// </remarks>
internal sealed partial class WinogradConvPool : ConvPool
{
    private const int MaxTilesPerTask = 64;
    private const int ChannelsPerTask = 64;

    // 64 tiles of this depth take half a megabyte, which fits the L2 cache.
    private const int ChannelsPerBlock = PackedRight.DepthOfBlock;

    private readonly Disposables disposables = new();
    private readonly Parameter kernel;
    private readonly Parameter bias;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly int filters;
    private readonly int tilesPerTask;
    private readonly PackedRight[] values; // G, [8][width, filters]
    private readonly AlignedBuffer pooled;
    private readonly AlignedBuffer differences;
    private readonly AlignedBuffer zeros;
    private readonly int[] offsets;
    private readonly int[] firstTiles;
    private readonly BackwardPass? backwardPass;
    private readonly Action<int> transformKernel;
    private readonly Action<int> forwardTiles;

    private PackedBatch x;
    private PackedBatch y;

    public WinogradConvPool(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity capacity,
        bool training,
        bool inputGradient
    )
    {
        this.kernel = kernel;
        this.bias = bias;
        this.workers = workers;
        width = kernel.Shape[1];
        filters = kernel.Shape[2];
        // Larger tasks read the weights less often, but every thread needs some. A power of two, so that it divides a
        // round.
        tilesPerTask =
            1 << BitOperations.Log2((uint)Math.Clamp(capacity.Rows / 12 / workers.Threads, 8, MaxTilesPerTask));
        values = disposables.AddAll(CreatePackedMatrices(width, filters));
        foreach (var plane in values)
            plane.Resize(width, filters);
        pooled = disposables.Add(new AlignedBuffer(capacity.Rows / 2 * filters));
        differences = disposables.Add(new AlignedBuffer(capacity.Rows / 2 * filters));
        zeros = disposables.Add(new AlignedBuffer(Math.Max(width, filters)));
        offsets = new int[capacity.Clips + 1];
        firstTiles = new int[capacity.Clips + 1];
        transformKernel = TransformKernel;
        forwardTiles = ForwardTiles;
        if (training)
            backwardPass = disposables.Add(new BackwardPass(this, capacity, inputGradient));
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        for (var clip = 0; clip < clips.ClipCount; clip++)
        {
            offsets[clip + 1] = offsets[clip] + (clips.FrameCount(clip) / 2);
            firstTiles[clip + 1] = firstTiles[clip] + Winograd.CountTiles(clips.FrameCount(clip));
        }
        y = new PackedBatch(pooled.Rows(0, offsets[clips.ClipCount], filters), offsets, clips.ClipCount);
        workers.Run(CountTasks(width, ChannelsPerTask), transformKernel);
        workers.Run(CountTasks(Tiles, tilesPerTask), forwardTiles);
        return y;
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient) => backwardPass!.Run(gradient);

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    private static PackedRight[] CreatePackedMatrices(int depth, int columns) =>
        [.. Enumerable.Range(0, Planes.Count).Select(e => new PackedRight(depth, columns, e))];

    private static int CountTasks(int items, int perTask) => (items + perTask - 1) / perTask;

    private int Tiles => firstTiles[x.ClipCount];

    private MatrixView GetZeros(int width) => zeros.Rows(0, 1, width);

    private MatrixView GetDifferences(int clip) =>
        differences.Rows(y.FirstRow(clip) * filters, y.FrameCount(clip), filters);

    private void TransformKernel(int task)
    {
        var first = task * ChannelsPerTask;
        var count = Math.Min(ChannelsPerTask, width - (task * ChannelsPerTask));
        Winograd.TransformKernel(kernel.Values, values, first, count);
        backwardPass?.TransformKernel(first, count);
    }

    private void ForwardTiles(int task)
    {
        var first = task * tilesPerTask;
        var count = Math.Min(tilesPerTask, Tiles - first);
        var scratch = ThreadScratch.ForThisThread;
        var products = scratch.GetProducts(count, filters);
        var spare = scratch.GetUnreadRow(filters);
        for (var channel = 0; channel < width; channel += ChannelsPerBlock)
        {
            var channels = Math.Min(ChannelsPerBlock, width - channel);
            var inputs = scratch.GetInputs(count, channels);
            var (clip, tile) = LocateTile(first);
            for (var row = 0; row < count; row++, MoveToNextTile(ref clip, ref tile))
                Winograd.TransformInput(
                    x.GetClip(clip).SliceColumns(channel, channels),
                    tile,
                    GetZeros(channels),
                    inputs,
                    row
                );
            for (var e = 0; e < Planes.Count; e++)
                MatrixProduct.Multiply(inputs[e], values[e], channel, 0, products[e], accumulate: channel > 0);
        }
        var (outputClip, outputTile) = LocateTile(first);
        for (var row = 0; row < count; row++, MoveToNextTile(ref outputClip, ref outputTile))
            Winograd.TransformOutput(
                products,
                row,
                bias.Values,
                y.GetClip(outputClip),
                GetDifferences(outputClip),
                outputTile,
                spare
            );
    }

    // The clip of a tile number, and the tile's index within the clip.
    private (int Clip, int Tile) LocateTile(int number)
    {
        var low = 0;
        var high = x.ClipCount - 1;
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

    private void MoveToNextTile(ref int clip, ref int tile)
    {
        if (++tile < firstTiles[clip + 1] - firstTiles[clip])
            return;
        clip++;
        tile = 0;
    }
}
