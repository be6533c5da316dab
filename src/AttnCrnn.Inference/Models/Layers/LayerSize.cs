namespace AttnCrnn.Models.Layers;

/// <summary>The size of what a layer takes or returns.</summary>
/// <param name="Capacity">The largest batch.</param>
/// <param name="Width">Feature dimension.</param>
internal readonly record struct LayerSize(BatchCapacity Capacity, int Width);
