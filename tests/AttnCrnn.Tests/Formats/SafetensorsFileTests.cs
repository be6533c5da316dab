using System.Text;
using AttnCrnn.Formats;

namespace AttnCrnn.Tests.Formats;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    private string At(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12)] // overlap
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8)] // past the end
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)] // too few bytes for the shape
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}""", 8)] // overflows
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)] // twice
    [InlineData("""{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}""", 8)] // unknown type
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8)] // no type
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)] // something follows
    [InlineData("[[[[[[[[[[[[", 0)]
    public void Crafted_safetensors_are_refused(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(At("x"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]]);
        var fault = Assert.Throws<BadFileException>(() => SafetensorsFile.Open(At("x")));
        Assert.Contains(At("x"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_anything_is_allocated()
    {
        File.WriteAllBytes(At("x"), [.. BitConverter.GetBytes(1L << 40), 1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<BadFileException>(() => SafetensorsFile.Open(At("x")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
