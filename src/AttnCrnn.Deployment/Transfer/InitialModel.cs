using AttnCrnn.Options;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>The local model file for a warm start (<c>train --init</c>), and its remote name.</summary>
public sealed record InitialModel
{
    /// <summary>Computes the remote name of a local file.</summary>
    /// <exception cref="InvalidRemoteRequestException">The file does not exist.</exception>
    public InitialModel(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        var hash = RunManifest.ComputeHashIfExists(Path)
            ?? throw new InvalidRemoteRequestException(
                OptionText.Create($"{OptionKeys.Init} {path}: file not found on this machine")
            );
        // A hash of the contents: a different file of the same name is a different run.
        RemoteName = $"data/init-{hash[..16]}{System.IO.Path.GetExtension(path)}";
    }

    /// <summary>The absolute local path.</summary>
    public string Path { get; }

    /// <summary>Relative to the deployment folder.</summary>
    public string RemoteName { get; }
}
