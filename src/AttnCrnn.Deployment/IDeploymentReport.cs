using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment;

/// <summary>Receives the progress of a deployment.</summary>
public interface IDeploymentReport
{
    /// <summary>A step starts.</summary>
    /// <param name="number">From 1.</param>
    void Start(int number, string title);

    /// <summary>The step is done.</summary>
    void Finish(int number, string title);

    /// <summary>A message within a step.</summary>
    void WriteMessage(string text);

    /// <summary>A command to display, as in a dry run.</summary>
    void ShowCommand(string command);

    /// <summary>Runs a transfer and displays its progress.</summary>
    Task TrackAsync(string title, Func<IProgress<TransferProgress>?, Task> work);
}
