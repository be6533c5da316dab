using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment;

/// <summary>Who is told what a deployment does, as it does it.</summary>
public interface IDeploymentReport
{
    /// <summary>A step begins.</summary>
    /// <param name="number">From 1.</param>
    void Start(int number, string title);

    /// <summary>The step is done.</summary>
    void End(int number, string title);

    /// <summary>A remark within a step.</summary>
    void Info(string text);

    /// <summary>A command, where it is to be shown and not only run.</summary>
    void Show(string command);

    /// <summary>A transfer, with whatever can show how far it is.</summary>
    Task TrackAsync(string title, Func<IProgress<TransferProgress>?, Task> work);
}
