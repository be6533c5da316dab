using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Layers;

/// <summary>How a forward pass is computed; the default is inference.</summary>
/// <param name="Random">For dropout; null: none.</param>
/// <param name="UseBatchStatistics">
/// Whether batch norm uses the batch's statistics and updates the running ones.
/// </param>
internal readonly record struct ForwardPass(RandomStream? Random, bool UseBatchStatistics);
