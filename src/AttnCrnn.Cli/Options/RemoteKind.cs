namespace AttnCrnn.Cli.Options;

/// <summary>Where a run is.</summary>
internal enum RemoteKind
{
    /// <summary>On a host that ssh reaches.</summary>
    Ssh,

    /// <summary>On this machine, in a session of its own.</summary>
    Local,

    /// <summary>On a Slurm cluster: that of the host, or of this machine.</summary>
    Slurm,
}
