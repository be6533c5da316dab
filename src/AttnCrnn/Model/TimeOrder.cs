namespace AttnCrnn.Model;

/// <summary>
/// The clips of a batch by length, longest first, laid out a time step after the other: step t has the rows of the clips that still have a
/// frame then, and they are the first of its clips. So a step of a recurrent layer is one product, without padding.
/// </summary>
internal sealed class TimeOrder
{
    private readonly int[] order;
    private readonly int[] bases;
    private readonly int[] active;

    public TimeOrder(int mostClips, int mostSteps)
    {
        order = new int[mostClips];
        bases = new int[mostSteps + 1];
        active = new int[mostSteps + 1];
    }

    /// <summary>Clips.</summary>
    public int Clips { get; private set; }

    /// <summary>Steps of the longest clip.</summary>
    public int Steps { get; private set; }

    /// <summary>The clip that stands at this rank.</summary>
    public int Clip(int rank) => order[rank];

    /// <summary>Clips that have a frame at this step.</summary>
    public int Active(int step) => active[step];

    /// <summary>The first row of this step.</summary>
    public int Base(int step) => bases[step];

    /// <summary>Lays out a batch.</summary>
    public void Set(Ragged clips)
    {
        Clips = clips.Clips;
        for (var clip = 0; clip < Clips; clip++) // by insertion: a few dozen clips, equals stay in their order
        {
            var at = clip;
            for (; at > 0 && clips.Count(order[at - 1]) < clips.Count(clip); at--) order[at] = order[at - 1];
            order[at] = clip;
        }
        Steps = clips.Count(order[0]);
        bases[0] = 0;
        var alive = Clips;
        for (var step = 0; step < Steps; step++)
        {
            while (clips.Count(order[alive - 1]) <= step) alive--;
            active[step] = alive;
            bases[step + 1] = bases[step] + alive;
        }
        active[Steps] = 0;
    }
}
