namespace AttnCrnn.Deployment.Transfer;

/// <summary>The model file here with whose weights a run begins (<c>train --init</c>), and the name it gets there.</summary>
public sealed record InitialModel
{
    /// <summary>Takes a file here.</summary>
    /// <param name="path">Of the file here.</param>
    /// <exception cref="RemoteRefusedException">There is none.</exception>
    public InitialModel(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        var hash = RunManifest.HashOf(Path) ?? throw new RemoteRefusedException($"--init {path}: no such file here");
        // By its contents: another file of that name is another run.
        RemoteName = $"data/init-{hash[..16]}{System.IO.Path.GetExtension(path)}";
    }

    /// <summary>Absolute, here.</summary>
    public string Path { get; }

    /// <summary>Within the machine's folder.</summary>
    public string RemoteName { get; }
}
