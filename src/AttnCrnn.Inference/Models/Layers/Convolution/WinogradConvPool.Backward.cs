using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>The backward pass.</summary>
internal sealed partial class WinogradConvPool
{
    /// <summary>
    /// The backward pass, in chunks of tiles. A task computes the weights' gradient of some channels over all tiles of
    /// a chunk: the sums stay in the processor's cache, and each accumulates the tiles in order, independent of the
    /// other channels.
    /// </summary>
    private sealed class BackwardPass : IDisposable
    {
        private const int TilesPerRound = 128; // a panel of them is 16 KB and stays in the L1 cache over all filters

        // A multiple of a round. Batches of usual clips have fewer tiles: 32 clips of 263 frames have 2,112.
        private const int TilesPerChunk = 4096;

        private readonly Disposables disposables = new();
        private readonly WinogradConvPool layer;
        private readonly PackedLeft[] errors; // E of a chunk, [8][tiles, filters], as left operands
        private readonly InputGradient? inputGradient;
        private readonly int channelsPerTask;
        private readonly int filtersPerTask;
        private readonly Planes[] sums; // per task, [8][filters, channels], from chunk to chunk; empty for one chunk
        private readonly double[] biasSums;
        private readonly Action<int> errorTiles;
        private readonly Action<int> computeKernelGradient;

        private MatrixView gradient;
        private int firstTile; // of the chunk
        private int tiles; // of the chunk

        public BackwardPass(WinogradConvPool layer, BatchCapacity capacity, bool inputGradient)
        {
            this.layer = layer;
            var maxTiles = Math.Max(1, (capacity.Rows / 4) + capacity.Clips);
            errors = new PackedLeft[Planes.Count];
            for (var e = 0; e < errors.Length; e++)
                errors[e] = disposables.Add(
                    new PackedLeft(Math.Min(TilesPerChunk, maxTiles), layer.filters, TilesPerRound, e)
                );
            (channelsPerTask, filtersPerTask) = ChooseTaskSize(layer.width, layer.filters, layer.workers.Threads);
            sums = maxTiles > TilesPerChunk ? CreateSums() : [];
            biasSums = new double[layer.filters];
            if (inputGradient)
                this.inputGradient = disposables.Add(
                    new InputGradient(layer, capacity, Math.Min(TilesPerChunk, maxTiles))
                );
            errorTiles = ErrorTiles;
            computeKernelGradient = ComputeKernelGradient;
        }

        // Chooses the channels and filters per task that minimize the estimated time. At most 128 channels, so that a
        // round's transformed tiles and the sums fit the L2 cache; splitting the filters too repeats the tile transform
        // per split.
        private static (int Channels, int Filters) ChooseTaskSize(int width, int filters, int threads)
        {
            const int maxChannels = 128;
            const int minFilters = 32;
            const double transformCost = 0.15; // relative to the products with all filters
            var bestCost = double.MaxValue;
            var best = (maxChannels, filters);
            for (
                var channels = Math.Max(
                    PackedRight.PanelWidth,
                    maxChannels / PackedRight.PanelWidth * PackedRight.PanelWidth
                );
                channels > 0;
                channels -= PackedRight.PanelWidth
            )
            for (var splits = 1; splits <= Math.Max(1, filters / minFilters); splits++)
            {
                var filtersPerSplit = Packing.RoundUp(CountTasks(filters, splits), PackedLeft.PanelHeight);
                var rounds = CountTasks(CountTasks(width, channels) * CountTasks(filters, filtersPerSplit), threads);
                var cost = rounds * Math.Min(width, channels) * (((double)filtersPerSplit / filters) + transformCost);
                if (cost < bestCost - 1e-9)
                {
                    bestCost = cost;
                    best = (channels, filtersPerSplit);
                }
            }
            return best;
        }

        /// <summary>Transforms some channels of the kernel for the gradient of x.</summary>
        public void TransformKernel(int first, int count) => inputGradient?.TransformKernel(first, count);

        public MatrixView Run(MatrixView gradient)
        {
            this.gradient = gradient;
            inputGradient?.TransposeKernel();
            for (firstTile = 0; firstTile < layer.Tiles; firstTile += tiles)
            {
                tiles = Math.Min(TilesPerChunk, layer.Tiles - firstTile);
                foreach (var plane in errors)
                    plane.Resize(tiles, layer.filters);
                layer.workers.Run(CountTasks(tiles, layer.tilesPerTask), errorTiles);
                inputGradient?.CombineTiles(firstTile, tiles);
                layer.workers.Run(KernelTasks + 1, computeKernelGradient);
            }
            return inputGradient?.GradX ?? default;
        }

        public void Dispose() => disposables.Dispose();

        private int KernelTasks => CountTasks(layer.width, channelsPerTask) * CountTasks(layer.filters, filtersPerTask);

        private bool IsLastChunk => firstTile + tiles == layer.Tiles;

        private Planes[] CreateSums()
        {
            var planes = new Planes[KernelTasks];
            for (var task = 0; task < planes.Length; task++)
            {
                var filters = GetFilters(task).Count;
                var channels = GetChannels(task).Count;
                var memory = disposables.Add(new AlignedBuffer(Planes.CountFloats(filters, channels)));
                planes[task] = new(memory, filters, channels);
            }
            return planes;
        }

        private void ErrorTiles(int task)
        {
            var first = task * layer.tilesPerTask;
            var count = Math.Min(layer.tilesPerTask, tiles - first);
            var (clip, tile) = layer.LocateTile(firstTile + first);
            var destination = ThreadScratch.ForThisThread.GetProducts(count, layer.filters);
            for (var row = 0; row < count; row++, layer.MoveToNextTile(ref clip, ref tile))
                Winograd.TransformOutputGradient(
                    gradient.Slice(layer.y.FirstRow(clip), layer.y.FrameCount(clip)),
                    layer.y.GetClip(clip),
                    layer.GetDifferences(clip),
                    tile,
                    layer.GetZeros(layer.filters),
                    destination,
                    row
                );
            for (var e = 0; e < Planes.Count; e++)
                errors[e].SetRows(first, destination[e]);
            inputGradient?.MultiplyTiles(first, destination);
        }

        private int FilterTasks => CountTasks(layer.filters, filtersPerTask);

        private (int First, int Count) GetChannels(int task)
        {
            var first = task / FilterTasks * channelsPerTask;
            return (first, Math.Min(channelsPerTask, layer.width - first));
        }

        private (int First, int Count) GetFilters(int task)
        {
            var first = task % FilterTasks * filtersPerTask;
            return (first, Math.Min(filtersPerTask, layer.filters - first));
        }

        private void ComputeKernelGradient(int task)
        {
            if (task == KernelTasks)
            {
                ComputeBiasGradient();
                return;
            }
            var (firstChannel, channels) = GetChannels(task);
            var (firstFilter, filters) = GetFilters(task);
            var scratch = ThreadScratch.ForThisThread;
            var inputs = scratch.GetPackedRights(TilesPerRound, channels);
            var products = sums.Length > 0 ? sums[task] : scratch.GetProducts(filters, channels);
            for (var first = 0; first < tiles; first += TilesPerRound)
            {
                var count = Math.Min(TilesPerRound, tiles - first);
                foreach (var plane in inputs)
                    plane.Resize(count, channels);
                var (clip, tile) = layer.LocateTile(firstTile + first);
                for (var row = 0; row < count; row++, layer.MoveToNextTile(ref clip, ref tile))
                    Winograd.TransformInput(
                        layer.x.GetClip(clip).SliceColumns(firstChannel, channels),
                        tile,
                        layer.GetZeros(channels),
                        inputs,
                        row
                    );
                var accumulate = firstTile + first > 0;
                for (var e = 0; e < Planes.Count; e++)
                    MatrixProduct.Multiply(errors[e], first, firstFilter, inputs[e], 0, products[e], accumulate);
            }
            if (IsLastChunk)
                Winograd.ComputeKernelGradient(
                    products,
                    layer.kernel.Gradients.SliceColumns(firstFilter, filters),
                    firstChannel,
                    scratch.GetMatrix(Taps * filters, channels)
                );
        }

        // At the interpolation point 1, E is the sum of the tile's four gradients.
        private void ComputeBiasGradient()
        {
            if (firstTile == 0)
                biasSums.AsSpan().Clear();
            errors[1].AddRows(biasSums);
            if (!IsLastChunk)
                return;
            for (var filter = 0; filter < biasSums.Length; filter++)
                layer.bias.Gradients.Span[filter] = (float)biasSums[filter];
        }
    }

    /// <summary>The gradient of x: dD = E Gᵀ, followed by the transpose of the input transform.</summary>
    private sealed class InputGradient : IDisposable
    {
        private readonly Disposables disposables = new();
        private readonly WinogradConvPool layer;
        private readonly int chunkTiles; // at most
        private readonly AlignedBuffer values; // G, [8][width, filters]
        private readonly PackedRight[] transposed; // Gᵀ, [8][filters, width]
        private readonly AlignedBuffer gradInputs; // dD of a chunk, [8][tiles, width]
        private readonly AlignedBuffer gradX; // [rows, width]
        private readonly Action<int> transposePlane;
        private readonly Action<int> combineClip;

        private int firstTile; // of the chunk
        private int tiles; // of the chunk
        private int firstClip; // of the chunk

        public InputGradient(WinogradConvPool layer, BatchCapacity capacity, int chunkTiles)
        {
            this.layer = layer;
            this.chunkTiles = chunkTiles;
            values = disposables.Add(new AlignedBuffer(Planes.CountFloats(layer.width, layer.filters)));
            transposed = disposables.AddAll(CreatePackedMatrices(layer.filters, layer.width));
            gradInputs = disposables.Add(new AlignedBuffer(Planes.CountFloats(chunkTiles, layer.width)));
            gradX = disposables.Add(new AlignedBuffer(checked(capacity.Rows * layer.width)));
            transposePlane = e => transposed[e].PackTransposed(Values[e]);
            combineClip = CombineClip;
        }

        public void TransformKernel(int first, int count) =>
            Winograd.TransformKernel(layer.kernel.Values, Values, first, count);

        public void TransposeKernel() => layer.workers.Run(Planes.Count, transposePlane);

        /// <summary>dD of some tiles.</summary>
        /// <param name="first">The first of them, counted from the chunk's.</param>
        /// <param name="errors">E, [8][tiles, filters].</param>
        public void MultiplyTiles(int first, Planes errors)
        {
            for (var e = 0; e < Planes.Count; e++)
                MatrixProduct.Multiply(errors[e], transposed[e], GradInputs[e].Slice(first, errors.Rows));
        }

        /// <summary>The gradient of x, [rows, width], once the tiles of all chunks are combined.</summary>
        public MatrixView GradX => gradX.Rows(0, layer.x.Rows.Count, layer.width);

        /// <summary>Adds the gradient of x from dD of a chunk's tiles; chunks follow each other.</summary>
        public void CombineTiles(int firstTile, int tiles)
        {
            this.firstTile = firstTile;
            this.tiles = tiles;
            firstClip = layer.LocateTile(firstTile).Clip;
            layer.workers.Run(layer.LocateTile(firstTile + tiles - 1).Clip - firstClip + 1, combineClip);
        }

        public void Dispose() => disposables.Dispose();

        private Planes Values => new(values, layer.width, layer.filters);

        private Planes GradInputs => new(gradInputs, chunkTiles, layer.width);

        // Neighboring tiles overlap, so one task handles all of a clip's tiles in the chunk.
        private void CombineClip(int index)
        {
            var clip = firstClip + index;
            var destination = gradX.Rows(layer.x.FirstRow(clip) * layer.width, layer.x.FrameCount(clip), layer.width);
            var clipTile = layer.firstTiles[clip];
            if (clipTile >= firstTile)
                destination.Clear();
            var outside = ThreadScratch.ForThisThread.GetUnreadRow(layer.width);
            var end = Math.Min(layer.firstTiles[clip + 1], firstTile + tiles);
            for (var tile = Math.Max(clipTile, firstTile); tile < end; tile++)
                Winograd.AddInputGradient(GradInputs, tile - firstTile, destination, tile - clipTile, outside);
        }
    }
}
