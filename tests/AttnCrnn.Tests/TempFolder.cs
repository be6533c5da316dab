namespace AttnCrnn.Tests;

/// <summary>An empty folder for one test, deleted with all that is in it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("attn-crnn-test-").FullName;

    /// <summary>A path in the folder, whether it exists or not.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
