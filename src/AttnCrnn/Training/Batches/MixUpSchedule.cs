using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>
/// MixUp of a batch (Zhang et al. 2018, with λ = max(Beta, 1 - Beta)): the partner of each slot, its weight, and an
/// order of filling the slots that reads few clips twice.
/// </summary>
/// <remarks>
/// <para>
/// A mixed slot is λ · its clip + (1 - λ) · its partner's clip, so every clip is read twice: for its own slot and
/// for the slot that it is mixed into. The partners are a permutation, which consists of cycles. The slots are filled
/// along the cycles, cut into chains that threads fill independently: a slot's partner is the next slot of its chain,
/// which is filled, mixed into the slot before it, and only then mixed itself. Only the last slot of a chain reads its
/// partner into scratch memory. The length of the chains does not change the results.
/// </para>
/// <example>
/// Six slots have two cycles, 0 → 2 → 5 → 1 → 0 and 3 → 4 → 3; with at most three slots per chain:
/// <code>
/// slot      0  1  2  3  4  5
/// partner   2  0  5  4  3  1
/// chains    0 2 5 | 1 | 3 4
/// </code>
/// The first chain reads 0, 2, mixes 2 into 0, reads 5, mixes 5 into 2, reads 1 into scratch memory, mixes it into 5.
/// </example>
/// </remarks>
internal sealed class MixUpSchedule(int maxSlots)
{
    private readonly int[] partners = new int[maxSlots];
    private readonly float[] weights = new float[maxSlots];
    private readonly int[] chainSlots = new int[maxSlots]; // chain after chain
    private readonly int[] chainStarts = new int[maxSlots + 1]; // index in chainSlots of each chain's first slot
    private readonly bool[] visited = new bool[maxSlots];

    /// <summary>Number of chains.</summary>
    public int ChainCount { get; private set; }

    /// <summary>The slots of a chain; each but the last is followed by its partner.</summary>
    public ReadOnlySpan<int> GetChain(int chain) =>
        chainSlots.AsSpan(chainStarts[chain], chainStarts[chain + 1] - chainStarts[chain]);

    /// <summary>The slot whose clip is mixed into a slot; the slot itself without MixUp.</summary>
    public int GetPartner(int slot) => partners[slot];

    /// <summary>λ, the weight of the slot's clip; 1 without MixUp.</summary>
    public float GetWeight(int slot) => weights[slot];

    /// <summary>Assigns partners and weights, and cuts the cycles into chains.</summary>
    /// <param name="alpha">Parameter of the symmetric Beta distribution; 0: no MixUp.</param>
    /// <param name="random">Random stream of the training step.</param>
    public void Assign(int slots, double alpha, RandomStream random, int maxChainLength)
    {
        AssignPartners(slots, alpha, random);
        BuildChains(slots, maxChainLength);
    }

    private void AssignPartners(int slots, double alpha, RandomStream random)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            partners[slot] = slot;
            weights[slot] = 1;
        }
        if (alpha <= 0)
            return;
        random.ForStream(RandomStreamId.MixUpPartner).Shuffle(partners.AsSpan(0, slots));
        var betas = random.ForStream(RandomStreamId.MixUp);
        for (var slot = 0; slot < slots; slot++)
        {
            if (partners[slot] == slot)
                continue;
            var beta = betas.SampleBeta(alpha, alpha, (ulong)slot);
            weights[slot] = (float)Math.Max(beta, 1 - beta);
        }
    }

    private void BuildChains(int slots, int maxLength)
    {
        Array.Clear(visited);
        ChainCount = 0;
        var count = 0;
        for (var first = 0; first < slots; first++)
        {
            var links = 0;
            for (var slot = first; !visited[slot]; slot = partners[slot])
            {
                if (links % maxLength == 0)
                    chainStarts[ChainCount++] = count;
                visited[slot] = true;
                chainSlots[count++] = slot;
                links++;
            }
        }
        chainStarts[ChainCount] = count;
    }
}
