namespace AttnCrnn.Testing;

/// <summary>A temporary folder, deleted with its content.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("attn-crnn-test-").FullName;

    /// <summary>A path in the folder, whether it exists or not.</summary>
    public string PathOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
