using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Testing;

/// <summary>Buffers of random numbers.</summary>
internal static class BufferBuilder
{
    /// <summary>Standard normal numbers.</summary>
    public static AlignedBuffer CreateNormal(int length, int seed)
    {
        var buffer = new AlignedBuffer(length);
        new RandomStream((ulong)seed).FillNormal(buffer.Span);
        return buffer;
    }
}
