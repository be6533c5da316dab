using System.Runtime.Intrinsics;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// 4 rows by 8 columns in 128-bit vectors, which .NET supports on every processor, emulated if necessary.
/// </summary>
internal readonly unsafe struct Tile128 : ITile
{
    public static int Height => 4;

    public static int Width => 8;

    public static void MultiplyRows(float* a, nint aStride, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        float* a0 = a;
        float* a1 = a + (1 * aStride);
        float* a2 = a + (2 * aStride);
        float* a3 = a + (3 * aStride);
        var c00 = Vector128<float>.Zero;
        var c01 = Vector128<float>.Zero;
        var c10 = Vector128<float>.Zero;
        var c11 = Vector128<float>.Zero;
        var c20 = Vector128<float>.Zero;
        var c21 = Vector128<float>.Zero;
        var c30 = Vector128<float>.Zero;
        var c31 = Vector128<float>.Zero;
        if (!fresh)
        {
            c00 = Vector128.Load(t0);
            c01 = Vector128.Load(t0 + 4);
            c10 = Vector128.Load(t1);
            c11 = Vector128.Load(t1 + 4);
            c20 = Vector128.Load(t2);
            c21 = Vector128.Load(t2 + 4);
            c30 = Vector128.Load(t3);
            c31 = Vector128.Load(t3 + 4);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector128.Load(b);
            var b1 = Vector128.Load(b + 4);
            var x0 = Vector128.Create(a0[k]);
            c00 = Vector128.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector128.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector128.Create(a1[k]);
            c10 = Vector128.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector128.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector128.Create(a2[k]);
            c20 = Vector128.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector128.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector128.Create(a3[k]);
            c30 = Vector128.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector128.FusedMultiplyAdd(x3, b1, c31);
            b += 8;
        }
        c00.Store(t0);
        c01.Store(t0 + 4);
        c10.Store(t1);
        c11.Store(t1 + 4);
        c20.Store(t2);
        c21.Store(t2 + 4);
        c30.Store(t3);
        c31.Store(t3 + 4);
    }

    public static void MultiplyPacked(float* a, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        var c00 = Vector128<float>.Zero;
        var c01 = Vector128<float>.Zero;
        var c10 = Vector128<float>.Zero;
        var c11 = Vector128<float>.Zero;
        var c20 = Vector128<float>.Zero;
        var c21 = Vector128<float>.Zero;
        var c30 = Vector128<float>.Zero;
        var c31 = Vector128<float>.Zero;
        if (!fresh)
        {
            c00 = Vector128.Load(t0);
            c01 = Vector128.Load(t0 + 4);
            c10 = Vector128.Load(t1);
            c11 = Vector128.Load(t1 + 4);
            c20 = Vector128.Load(t2);
            c21 = Vector128.Load(t2 + 4);
            c30 = Vector128.Load(t3);
            c31 = Vector128.Load(t3 + 4);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector128.Load(b);
            var b1 = Vector128.Load(b + 4);
            var x0 = Vector128.Create(a[0]);
            c00 = Vector128.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector128.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector128.Create(a[1]);
            c10 = Vector128.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector128.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector128.Create(a[2]);
            c20 = Vector128.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector128.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector128.Create(a[3]);
            c30 = Vector128.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector128.FusedMultiplyAdd(x3, b1, c31);
            b += 8;
            a += 4;
        }
        c00.Store(t0);
        c01.Store(t0 + 4);
        c10.Store(t1);
        c11.Store(t1 + 4);
        c20.Store(t2);
        c21.Store(t2 + 4);
        c30.Store(t3);
        c31.Store(t3 + 4);
    }
}
