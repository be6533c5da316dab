namespace AttnCrnn.Reports.Inventory;

/// <summary>What has become of a run.</summary>
public enum RunState
{
    /// <summary>Trained, if it is a training, and evaluated.</summary>
    Evaluated,

    /// <summary>Trained completely, without metrics.</summary>
    NotEvaluated,

    /// <summary>Not trained completely, or not evaluated yet: it can be resumed, or is running.</summary>
    Unfinished,

    /// <summary>A file of the run cannot be read.</summary>
    Damaged,
}

/// <summary>The names of states, in JSON and on the console.</summary>
public static class RunStates
{
    /// <summary>The name of a state: <c>not_evaluated</c>.</summary>
    public static string Format(RunState state) =>
        state switch
        {
            RunState.Evaluated => "evaluated",
            RunState.NotEvaluated => "not_evaluated",
            RunState.Unfinished => "unfinished",
            RunState.Damaged => "damaged",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
        };
}
