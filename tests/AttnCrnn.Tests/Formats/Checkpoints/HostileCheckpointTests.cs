using System.Text;
using CsCheck;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>Malicious or damaged checkpoints: rejected with a message, in bounded memory.</summary>
public sealed class HostileCheckpointTests
{
    [Theory]
    [InlineData("pytorch-bin-zip", "pytorch_model.bin")]
    [InlineData("pytorch-bin-legacy", "pytorch_model.bin")]
    [InlineData("float16", "model.safetensors")]
    public void A_file_truncated_anywhere_is_rejected(string form, string name)
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "wav2vec2-base-like-" + form, name));
        using var folder = new CheckpointBuilder();
        for (var length = 0; length < bytes.Length; length += Math.Max(1, length / 23))
        {
            folder.WithFile(name, bytes[..length]);
            folder.AssertRejected();
        }
        folder.WithFile(name, bytes[..^1]).AssertRejected();
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"__metadata__":1}""")]
    [InlineData("""{"a":[]}""")]
    public void An_inconsistent_safetensors_header_is_rejected(string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        using var folder = new CheckpointBuilder().WithFile(
            "model.safetensors",
            [.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0]
        );
        folder.AssertRejected();
    }

    [Theory]
    [InlineData("pytorch-bin-zip", "pytorch_model.bin", 10_000)]
    [InlineData("pytorch-bin-legacy", "pytorch_model.bin", 13_000)]
    [InlineData("bfloat16", "model.safetensors", 9_000)]
    public void A_mutated_file_is_read_or_rejected(string form, string name, int headerBytes)
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "wav2vec2-base-like-" + form, name));
        var places = Gen.OneOf(
            Gen.Int[0, headerBytes],
            Gen.Int[bytes.Length - headerBytes, bytes.Length - 1],
            Gen.Int[0, bytes.Length - 1]
        ); // mostly where the tensors are described
        using var folder = new CheckpointBuilder();
        Gen.Select(places, Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var mutated = (byte[])bytes.Clone();
                    foreach (var (offset, value) in changes)
                        mutated[offset] = value;
                    folder.WithFile(name, mutated);
                    var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        CheckpointBuilder.ReadAll(folder.Path);
                    }
                    catch (InvalidInputException exception)
                    {
                        Assert.Contains(folder.Path, exception.Message, StringComparison.Ordinal);
                    }
                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 8 << 20);
                },
                iter: 500,
                threads: 1
            );
    }
}
