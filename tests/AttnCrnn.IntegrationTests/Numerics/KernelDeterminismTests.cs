using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.IntegrationTests.Numerics;

public sealed class KernelDeterminismTests
{
    [Theory]
    [MemberData(nameof(ChildRun.Processors), MemberType = typeof(ChildRun))]
    public void Kernels_are_bit_identical_on_other_processors(string setting) =>
        Assert.Equal(
            Digest(),
            ChildRun.Digest($"{typeof(KernelDeterminismTests).FullName}.{nameof(Digest_of_every_kernel)}", setting)
        );

    /// <summary>Run by the child process.</summary>
    [Fact(Explicit = true)]
    public void Digest_of_every_kernel() => ChildRun.ReturnDigest(Digest());

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new AlignedBuffer(3 * 61 * 61);
        var (a, b, c) = (buffer.Rows(0, 61, 61), buffer.Rows(61 * 61, 61, 61), buffer.Rows(2 * 61 * 61, 61, 61));
        new RandomStream(1).FillNormal(a.Span);
        new RandomStream(2).FillUniform(b.Span);
        Add(a.Span);
        Add(b.Span);
        MatrixProduct.Multiply(a, b, c);
        Add(c.Span);
        MatrixProduct.MultiplyTransposedLeft(a, b, c, accumulate: true);
        MatrixProduct.MultiplyTransposedRight(a, b, c, accumulate: true);
        Add(c.Span);
        VectorMath.Exp(a.Span, c.Span);
        Add(c.Span);
        VectorMath.Tanh(a.Span, c.Span);
        Add(c.Span);
        VectorMath.Sigmoid(a.Span, c.Span);
        Add(c.Span);
        VectorMath.Gelu(a.Span, c.Span);
        Add(c.Span);
        VectorMath.GeluDerivative(a.Span, c.Span);
        Add(c.Span);
        VectorMath.GeluTanh(a.Span, c.Span);
        Add(c.Span);
        VectorMath.GeluTanhDerivative(a.Span, c.Span);
        VectorMath.Axpy(0.3f, a.Span, c.Span);
        VectorMath.MultiplyAdd(a.Span, b.Span, c.Span);
        Add(c.Span);
        Add([
            VectorMath.Sum(a.Span),
            VectorMath.Dot(a.Span, b.Span),
            VectorMath.Max(a.Span),
            (float)new RandomStream(3).SampleBeta(0.2, 0.2, 1),
        ]);
        VectorMath.Adam(c.Span, a.Span, a.Span.ToArray(), b.Span, 1e-3f, 0.9f, 0.98f, 1e-7f);
        Add(c.Span);
        Add(MemoryMarshal.Cast<double, float>([VectorMath.SumOfSquares(a.Span)]));
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add(ReadOnlySpan<float> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
    }
}
