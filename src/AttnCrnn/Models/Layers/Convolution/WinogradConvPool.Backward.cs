using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>The backward pass.</summary>
internal sealed partial class WinogradConvPool
{
    /// <summary>
    /// The backward pass. A task computes the weights' gradient of some channels over all tiles: the sums stay in the
    /// processor's cache, and each accumulates the tiles in order, independent of the other channels.
    /// </summary>
    private sealed class BackwardPass : IDisposable
    {
        private const int TilesPerRound = 128; // a panel of them is 16 KB and stays in the L1 cache over all filters

        private readonly Disposables disposables = new();
        private readonly WinogradConvPool layer;
        private readonly PackedLeft[] errors; // E, [8][tiles, filters], as left operands
        private readonly InputGradient? inputGradient;
        private readonly int channelsPerTask;
        private readonly int filtersPerTask;
        private readonly Action<int> errorTiles;
        private readonly Action<int> computeKernelGradient;

        private MatrixView gradient;

        public BackwardPass(WinogradConvPool layer, BatchCapacity capacity, bool inputGradient)
        {
            this.layer = layer;
            var maxTiles = Math.Max(1, (capacity.Rows / 4) + capacity.Clips);
            errors = new PackedLeft[Planes.Count];
            for (var e = 0; e < errors.Length; e++)
                errors[e] = disposables.Add(new PackedLeft(maxTiles, layer.filters, TilesPerRound, e));
            (channelsPerTask, filtersPerTask) = ChooseTaskSize(layer.width, layer.filters, layer.workers.Threads);
            if (inputGradient)
                this.inputGradient = disposables.Add(new InputGradient(layer, capacity, maxTiles));
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
            foreach (var plane in errors)
                plane.Resize(layer.Tiles, layer.filters);
            layer.workers.Run(CountTasks(layer.Tiles, layer.tilesPerTask), errorTiles);
            layer.workers.Run(KernelTasks + 1, computeKernelGradient);
            return inputGradient?.Run() ?? default;
        }

        public void Dispose() => disposables.Dispose();

        private int KernelTasks => CountTasks(layer.width, channelsPerTask) * CountTasks(layer.filters, filtersPerTask);

        private void ErrorTiles(int task)
        {
            var first = task * layer.tilesPerTask;
            var end = Math.Min(layer.Tiles, (task + 1) * layer.tilesPerTask);
            var (clip, tile) = layer.LocateTile(first);
            var destination = inputGradient?.Errors.Slice(first, end - first)
                ?? ThreadScratch.ForThisThread.GetProducts(end - first, layer.filters);
            for (var row = 0; row < end - first; row++, layer.MoveToNextTile(ref clip, ref tile))
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
        }

        private void ComputeKernelGradient(int task)
        {
            if (task == KernelTasks)
            {
                // At the interpolation point 1, E is the sum of the tile's four gradients.
                errors[1].SumRows(layer.bias.Gradients.Span);
                return;
            }
            var filterTasks = CountTasks(layer.filters, filtersPerTask);
            var first = task / filterTasks * channelsPerTask;
            var firstFilter = task % filterTasks * filtersPerTask;
            var channels = Math.Min(channelsPerTask, layer.width - first);
            var filters = Math.Min(filtersPerTask, layer.filters - firstFilter);
            var scratch = ThreadScratch.ForThisThread;
            var inputs = scratch.GetPackedRights(TilesPerRound, channels);
            var sums = scratch.GetProducts(filters, channels);
            for (var begin = 0; begin < layer.Tiles; begin += TilesPerRound)
            {
                var tiles = Math.Min(TilesPerRound, layer.Tiles - begin);
                foreach (var plane in inputs)
                    plane.Resize(tiles, channels);
                var (clip, tile) = layer.LocateTile(begin);
                for (var row = 0; row < tiles; row++, layer.MoveToNextTile(ref clip, ref tile))
                    Winograd.TransformInput(
                        layer.x.GetClip(clip).SliceColumns(first, channels),
                        tile,
                        layer.GetZeros(channels),
                        inputs,
                        row
                    );
                for (var e = 0; e < Planes.Count; e++)
                    MatrixProduct.Multiply(errors[e], begin, firstFilter, inputs[e], 0, sums[e], accumulate: begin > 0);
            }
            Winograd.ComputeKernelGradient(
                sums,
                layer.kernel.Gradients.SliceColumns(firstFilter, filters),
                first,
                scratch.GetMatrix(Taps * filters, channels)
            );
        }
    }

    /// <summary>The gradient of x: dD = E Gᵀ, followed by the transpose of the input transform.</summary>
    private sealed class InputGradient : IDisposable
    {
        private readonly Disposables disposables = new();
        private readonly WinogradConvPool layer;
        private readonly AlignedBuffer values; // G, [8][width, filters]
        private readonly PackedRight[] transposed; // Gᵀ, [8][filters, width]
        private readonly AlignedBuffer errors; // E, [8][tiles, filters]
        private readonly AlignedBuffer gradInputs; // dD, [8][tiles, width]
        private readonly AlignedBuffer gradX; // [rows, width]
        private readonly Action<int> transposePlane;
        private readonly Action<int> multiplyTiles;
        private readonly Action<int> combineTiles;

        public InputGradient(WinogradConvPool layer, BatchCapacity capacity, int maxTiles)
        {
            this.layer = layer;
            values = disposables.Add(new AlignedBuffer(Planes.CountFloats(layer.width, layer.filters)));
            transposed = disposables.AddAll(CreatePackedMatrices(layer.filters, layer.width));
            errors = disposables.Add(new AlignedBuffer(Planes.CountFloats(maxTiles, layer.filters)));
            gradInputs = disposables.Add(new AlignedBuffer(Planes.CountFloats(maxTiles, layer.width)));
            gradX = disposables.Add(new AlignedBuffer(checked(capacity.Rows * layer.width)));
            transposePlane = e => transposed[e].PackTransposed(Values[e]);
            multiplyTiles = MultiplyTiles;
            combineTiles = CombineTiles;
        }

        public Planes Errors => new(errors, layer.Tiles, layer.filters);

        public void TransformKernel(int first, int count) =>
            Winograd.TransformKernel(layer.kernel.Values, Values, first, count);

        public MatrixView Run()
        {
            layer.workers.Run(Planes.Count, transposePlane);
            layer.workers.Run(CountTasks(layer.Tiles, layer.tilesPerTask), multiplyTiles);
            layer.workers.Run(layer.x.ClipCount, combineTiles);
            return gradX.Rows(0, layer.x.Rows.Count, layer.width);
        }

        public void Dispose() => disposables.Dispose();

        private Planes Values => new(values, layer.width, layer.filters);

        private Planes GradInputs => new(gradInputs, layer.Tiles, layer.width);

        private void MultiplyTiles(int task)
        {
            var first = task * layer.tilesPerTask;
            var count = Math.Min(layer.tilesPerTask, layer.Tiles - (task * layer.tilesPerTask));
            for (var e = 0; e < Planes.Count; e++)
                MatrixProduct.Multiply(Errors[e].Slice(first, count), transposed[e], GradInputs[e].Slice(first, count));
        }

        // Neighboring tiles overlap, so one task handles a whole clip.
        private void CombineTiles(int clip)
        {
            var destination = gradX.Rows(layer.x.FirstRow(clip) * layer.width, layer.x.FrameCount(clip), layer.width);
            destination.Clear();
            var outside = ThreadScratch.ForThisThread.GetUnreadRow(layer.width);
            for (var tile = 0; tile < layer.firstTiles[clip + 1] - layer.firstTiles[clip]; tile++)
                Winograd.AddInputGradient(GradInputs, layer.firstTiles[clip] + tile, destination, tile, outside);
        }
    }
}
