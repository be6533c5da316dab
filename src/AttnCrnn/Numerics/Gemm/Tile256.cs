using System.Runtime.Intrinsics;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>6 rows by 16 columns in twelve AVX registers; four remain for the operands.</summary>
internal readonly unsafe struct Tile256 : ITile
{
    public static int Height => 6;

    public static int Width => 16;

    public static void MultiplyRows(float* a, nint aStride, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        float* t4 = c + (4 * cStride);
        float* t5 = c + (5 * cStride);
        float* a0 = a;
        float* a1 = a + (1 * aStride);
        float* a2 = a + (2 * aStride);
        float* a3 = a + (3 * aStride);
        float* a4 = a + (4 * aStride);
        float* a5 = a + (5 * aStride);
        var c00 = Vector256<float>.Zero;
        var c01 = Vector256<float>.Zero;
        var c10 = Vector256<float>.Zero;
        var c11 = Vector256<float>.Zero;
        var c20 = Vector256<float>.Zero;
        var c21 = Vector256<float>.Zero;
        var c30 = Vector256<float>.Zero;
        var c31 = Vector256<float>.Zero;
        var c40 = Vector256<float>.Zero;
        var c41 = Vector256<float>.Zero;
        var c50 = Vector256<float>.Zero;
        var c51 = Vector256<float>.Zero;
        if (!fresh)
        {
            c00 = Vector256.Load(t0);
            c01 = Vector256.Load(t0 + 8);
            c10 = Vector256.Load(t1);
            c11 = Vector256.Load(t1 + 8);
            c20 = Vector256.Load(t2);
            c21 = Vector256.Load(t2 + 8);
            c30 = Vector256.Load(t3);
            c31 = Vector256.Load(t3 + 8);
            c40 = Vector256.Load(t4);
            c41 = Vector256.Load(t4 + 8);
            c50 = Vector256.Load(t5);
            c51 = Vector256.Load(t5 + 8);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a0[k]);
            c00 = Vector256.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector256.Create(a1[k]);
            c10 = Vector256.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector256.Create(a2[k]);
            c20 = Vector256.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector256.Create(a3[k]);
            c30 = Vector256.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x3, b1, c31);
            var x4 = Vector256.Create(a4[k]);
            c40 = Vector256.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x4, b1, c41);
            var x5 = Vector256.Create(a5[k]);
            c50 = Vector256.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x5, b1, c51);
            b += 16;
        }
        c00.Store(t0);
        c01.Store(t0 + 8);
        c10.Store(t1);
        c11.Store(t1 + 8);
        c20.Store(t2);
        c21.Store(t2 + 8);
        c30.Store(t3);
        c31.Store(t3 + 8);
        c40.Store(t4);
        c41.Store(t4 + 8);
        c50.Store(t5);
        c51.Store(t5 + 8);
    }

    public static void MultiplyPacked(float* a, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        float* t4 = c + (4 * cStride);
        float* t5 = c + (5 * cStride);
        var c00 = Vector256<float>.Zero;
        var c01 = Vector256<float>.Zero;
        var c10 = Vector256<float>.Zero;
        var c11 = Vector256<float>.Zero;
        var c20 = Vector256<float>.Zero;
        var c21 = Vector256<float>.Zero;
        var c30 = Vector256<float>.Zero;
        var c31 = Vector256<float>.Zero;
        var c40 = Vector256<float>.Zero;
        var c41 = Vector256<float>.Zero;
        var c50 = Vector256<float>.Zero;
        var c51 = Vector256<float>.Zero;
        if (!fresh)
        {
            c00 = Vector256.Load(t0);
            c01 = Vector256.Load(t0 + 8);
            c10 = Vector256.Load(t1);
            c11 = Vector256.Load(t1 + 8);
            c20 = Vector256.Load(t2);
            c21 = Vector256.Load(t2 + 8);
            c30 = Vector256.Load(t3);
            c31 = Vector256.Load(t3 + 8);
            c40 = Vector256.Load(t4);
            c41 = Vector256.Load(t4 + 8);
            c50 = Vector256.Load(t5);
            c51 = Vector256.Load(t5 + 8);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x3, b1, c31);
            var x4 = Vector256.Create(a[4]);
            c40 = Vector256.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x4, b1, c41);
            var x5 = Vector256.Create(a[5]);
            c50 = Vector256.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x5, b1, c51);
            b += 16;
            a += 6;
        }
        c00.Store(t0);
        c01.Store(t0 + 8);
        c10.Store(t1);
        c11.Store(t1 + 8);
        c20.Store(t2);
        c21.Store(t2 + 8);
        c30.Store(t3);
        c31.Store(t3 + 8);
        c40.Store(t4);
        c41.Store(t4 + 8);
        c50.Store(t5);
        c51.Store(t5 + 8);
    }
}
