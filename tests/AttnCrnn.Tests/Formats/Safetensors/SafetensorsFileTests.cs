using System.Text;
using AttnCrnn.Formats.Safetensors;

namespace AttnCrnn.Tests.Formats.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
            + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        12
    )] // overlap
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8)] // past the end
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)] // too few bytes for the shape
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}""", 8)] // overflows
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
            + ""","a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8
    )] // duplicate name
    [InlineData("""{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}""", 8)] // unknown type
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8)] // no type
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)] // trailing bytes
    [InlineData("[[[[[[[[[[[[", 0)]
    public void Crafted_safetensors_are_rejected(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(PathOf("x"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]]);
        var exception = Assert.Throws<InvalidFileException>(() => SafetensorsFile.Open(PathOf("x")));
        Assert.Contains(PathOf("x"), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_rejected_before_anything_is_allocated()
    {
        File.WriteAllBytes(PathOf("x"), [.. BitConverter.GetBytes(1L << 40), 1, 2, 3]);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidFileException>(() => SafetensorsFile.Open(PathOf("x")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 1 << 20);
    }

    [Fact]
    [Requires("unix")]
    public void A_file_truncated_while_open_gives_the_intact_arrays_and_errors()
    {
        using (var stream = File.Create(PathOf("x")))
            SafetensorsWriter.Write(stream, new Dictionary<string, string>(), [Zeros("a"), Zeros("b")]);
        using var file = SafetensorsFile.Open(PathOf("x"));
        file.Read("b", new float[400]);
        using (var stream = new FileStream(PathOf("x"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(stream.Length - 100);

        file.Read("a", new float[400]);
        var exception = Assert.Throws<InvalidFileException>(() => file.Read("b", new float[400]));
        Assert.Contains("truncated after it was opened", exception.Message, StringComparison.Ordinal);
    }

    private static (string, string, IReadOnlyList<long>, long, Action<Stream>) Zeros(string name) =>
        (name, "F16", [100, 4], 800, stream => stream.Write(new byte[800]));
}
