using AttnCrnn.IO;

namespace AttnCrnn.Evaluation;

/// <summary>
/// How often a test set was evaluated in a working folder, this evaluation included. Whoever evaluates often and keeps
/// the best result has selected on the test set.
/// </summary>
public sealed record TestSetUsage
{
    /// <summary>Identifies the test set: <see cref="ComputeHash"/> of its clips.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Number of recorded evaluations of exactly these clips, at least 1.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Number of runs and models that were evaluated on them, at least 1.</summary>
    public required int Runs { get; init; }

    /// <summary>Date of the first evaluation of any test set that the working folder has recorded, in UTC.</summary>
    public required DateOnly Since { get; init; }

    /// <summary>Number of records that cannot be read; each counts as an evaluation by an unknown run.</summary>
    public int DamagedRecords { get; init; }

    /// <summary>Why this evaluation is not recorded, so that later ones do not count it; null: it is.</summary>
    public string? Unrecorded { get; init; }

    /// <summary>
    /// SHA-256 of the sorted identities of clips: paths, segments and channels. It is the same for every encoder and
    /// for every order, and differs if the recordings are moved.
    /// </summary>
    public static string ComputeHash(IEnumerable<ClipKey> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        var hash = new Sha256();
        foreach (var name in clips.Select(clip => clip.ToString()).Order(StringComparer.Ordinal))
            hash.Append(StoredPath.Format(name) + "\n");
        return hash.Finish();
    }
}
