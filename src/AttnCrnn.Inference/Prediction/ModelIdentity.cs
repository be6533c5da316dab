using AttnCrnn.Encoders.Classifiers;

namespace AttnCrnn.Prediction;

/// <summary>Which model made a prediction, so that it can be found again: a name and a hash, without a path.</summary>
/// <param name="Name">Name of the run, of the model file, or of the published classifier.</param>
/// <param name="Sha256">
/// SHA-256 of the model file, 64 hexadecimal digits; of several, that of their sorted hashes, one per line
/// (<see cref="Combine"/>); null for a published classifier, which has a <see cref="Revision"/>.
/// </param>
public sealed record ModelIdentity(string Name, string? Sha256)
{
    /// <summary>Commit, or hash of the files, of a published classifier; null: a model of this program.</summary>
    public string? Revision { get; init; }

    /// <summary>The identity of model files: one, or those of a run's folds.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ModelIdentity FromFiles(string name, IReadOnlyList<string> paths) =>
        new(name, Combine([.. paths.Select(ComputeFileHash)]));

    /// <summary>The identity of a published classifier.</summary>
    public static ModelIdentity FromClassifier(SpeechClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        // A folder's name is its absolute path; that of a repository is no path.
        var name = Path.IsPathRooted(classifier.Name) ? Path.GetFileName(classifier.Name) : classifier.Name;
        return new(name, null) { Revision = classifier.Revision };
    }

    /// <summary>SHA-256 of a file, 64 hexadecimal digits in lower case.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string ComputeFileHash(string path) => IO.Sha256.ComputeFile(path);

    /// <summary>
    /// One hash for the models of an ensemble, in any order: SHA-256 of the sorted hashes, each followed by a line
    /// feed, which is what <c>sha256sum FILE… | cut -d ' ' -f 1 | LC_ALL=C sort | sha256sum</c> prints. A single hash
    /// is returned as it is.
    /// </summary>
    /// <param name="hashes">SHA-256 of each model file, at least one.</param>
    public static string Combine(IReadOnlyList<string> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return hashes.Count == 1
            ? hashes[0]
            : IO.Sha256.Compute(string.Concat(hashes.Order(StringComparer.Ordinal).Select(hash => hash + "\n")));
    }
}
