using AttnCrnn.Formats.Checkpoints;

namespace AttnCrnn.Testing.Formats;

/// <summary>A temporary model folder.</summary>
internal sealed class CheckpointBuilder : IDisposable
{
    private readonly TempFolder folder = new();

    public string Path => folder.Path;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public CheckpointBuilder WithFile(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return this;
    }

    public CheckpointBuilder WithFile(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    public static CheckpointBuilder CreateTorch(byte[] bytes) =>
        new CheckpointBuilder().WithFile("pytorch_model.bin", bytes);

    public CheckpointFiles Open() => CheckpointFiles.Open(Path);

    public float[] Read(string name)
    {
        using var files = Open();
        return Read(files, name);
    }

    public static float[] Read(CheckpointFiles files, string name)
    {
        var values = new float[files.Tensors[name].Count];
        files.Read(name, values);
        return values;
    }

    public static Dictionary<string, float[]> ReadAll(string folder)
    {
        using var files = CheckpointFiles.Open(folder);
        return files.Tensors.Keys.ToDictionary(name => name, name => Read(files, name));
    }

    /// <summary>
    /// Opens and reads the checkpoint, and asserts that it is rejected with a complete message, in bounded memory.
    /// </summary>
    public InvalidFileException AssertRejected(long maxBytes = 4 << 20)
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidFileException>(() => ReadAll(Path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, maxBytes);
        Assert.Contains(Path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.All([exception.Found, exception.Expected, exception.Remedy], Assert.NotEmpty);
        return exception;
    }

    public void Dispose() => folder.Dispose();
}
