namespace AttnCrnn;

/// <summary>A run has no model yet: its training did not reach the end of its first epoch.</summary>
/// <param name="workFolder">Absolute path of the working folder.</param>
/// <param name="run">Name of the run.</param>
public sealed class RunWithoutModelException(string workFolder, string run)
    : InvalidInputException($"{run}: no model yet; resume the training of the run first")
{
    /// <summary>Absolute path of the working folder.</summary>
    public string WorkFolder => workFolder;

    /// <summary>Name of the run.</summary>
    public string Run => run;
}
