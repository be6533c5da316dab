namespace AttnCrnn.Deployment;

/// <summary>Whether the run of a session is the planned one.</summary>
internal enum RunMatch
{
    /// <summary>It is another run, or there is none.</summary>
    Different,

    /// <summary>It is the planned run.</summary>
    Identical,

    /// <summary>
    /// It has the same options, features and initial model, recorded by another version of the program in another way.
    /// </summary>
    SameConfiguration,
}
