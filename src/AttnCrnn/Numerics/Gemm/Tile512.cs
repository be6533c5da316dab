using System.Runtime.Intrinsics;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>8 rows by 32 columns in sixteen AVX-512 registers.</summary>
internal readonly unsafe struct Tile512 : ITile
{
    public static int Height => 8;

    public static int Width => 32;

    public static void MultiplyRows(float* a, nint aStride, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        float* t4 = c + (4 * cStride);
        float* t5 = c + (5 * cStride);
        float* t6 = c + (6 * cStride);
        float* t7 = c + (7 * cStride);
        float* a0 = a;
        float* a1 = a + (1 * aStride);
        float* a2 = a + (2 * aStride);
        float* a3 = a + (3 * aStride);
        float* a4 = a + (4 * aStride);
        float* a5 = a + (5 * aStride);
        float* a6 = a + (6 * aStride);
        float* a7 = a + (7 * aStride);
        var c00 = Vector512<float>.Zero;
        var c01 = Vector512<float>.Zero;
        var c10 = Vector512<float>.Zero;
        var c11 = Vector512<float>.Zero;
        var c20 = Vector512<float>.Zero;
        var c21 = Vector512<float>.Zero;
        var c30 = Vector512<float>.Zero;
        var c31 = Vector512<float>.Zero;
        var c40 = Vector512<float>.Zero;
        var c41 = Vector512<float>.Zero;
        var c50 = Vector512<float>.Zero;
        var c51 = Vector512<float>.Zero;
        var c60 = Vector512<float>.Zero;
        var c61 = Vector512<float>.Zero;
        var c70 = Vector512<float>.Zero;
        var c71 = Vector512<float>.Zero;
        if (!fresh)
        {
            c00 = Vector512.Load(t0);
            c01 = Vector512.Load(t0 + 16);
            c10 = Vector512.Load(t1);
            c11 = Vector512.Load(t1 + 16);
            c20 = Vector512.Load(t2);
            c21 = Vector512.Load(t2 + 16);
            c30 = Vector512.Load(t3);
            c31 = Vector512.Load(t3 + 16);
            c40 = Vector512.Load(t4);
            c41 = Vector512.Load(t4 + 16);
            c50 = Vector512.Load(t5);
            c51 = Vector512.Load(t5 + 16);
            c60 = Vector512.Load(t6);
            c61 = Vector512.Load(t6 + 16);
            c70 = Vector512.Load(t7);
            c71 = Vector512.Load(t7 + 16);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var x0 = Vector512.Create(a0[k]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector512.Create(a1[k]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector512.Create(a2[k]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(a3[k]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            var x4 = Vector512.Create(a4[k]);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            var x5 = Vector512.Create(a5[k]);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            var x6 = Vector512.Create(a6[k]);
            c60 = Vector512.FusedMultiplyAdd(x6, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x6, b1, c61);
            var x7 = Vector512.Create(a7[k]);
            c70 = Vector512.FusedMultiplyAdd(x7, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x7, b1, c71);
            b += 32;
        }
        c00.Store(t0);
        c01.Store(t0 + 16);
        c10.Store(t1);
        c11.Store(t1 + 16);
        c20.Store(t2);
        c21.Store(t2 + 16);
        c30.Store(t3);
        c31.Store(t3 + 16);
        c40.Store(t4);
        c41.Store(t4 + 16);
        c50.Store(t5);
        c51.Store(t5 + 16);
        c60.Store(t6);
        c61.Store(t6 + 16);
        c70.Store(t7);
        c71.Store(t7 + 16);
    }

    public static void MultiplyPacked(float* a, float* b, int depth, float* c, nint cStride, bool fresh)
    {
        float* t0 = c;
        float* t1 = c + (1 * cStride);
        float* t2 = c + (2 * cStride);
        float* t3 = c + (3 * cStride);
        float* t4 = c + (4 * cStride);
        float* t5 = c + (5 * cStride);
        float* t6 = c + (6 * cStride);
        float* t7 = c + (7 * cStride);
        var c00 = Vector512<float>.Zero;
        var c01 = Vector512<float>.Zero;
        var c10 = Vector512<float>.Zero;
        var c11 = Vector512<float>.Zero;
        var c20 = Vector512<float>.Zero;
        var c21 = Vector512<float>.Zero;
        var c30 = Vector512<float>.Zero;
        var c31 = Vector512<float>.Zero;
        var c40 = Vector512<float>.Zero;
        var c41 = Vector512<float>.Zero;
        var c50 = Vector512<float>.Zero;
        var c51 = Vector512<float>.Zero;
        var c60 = Vector512<float>.Zero;
        var c61 = Vector512<float>.Zero;
        var c70 = Vector512<float>.Zero;
        var c71 = Vector512<float>.Zero;
        if (!fresh)
        {
            c00 = Vector512.Load(t0);
            c01 = Vector512.Load(t0 + 16);
            c10 = Vector512.Load(t1);
            c11 = Vector512.Load(t1 + 16);
            c20 = Vector512.Load(t2);
            c21 = Vector512.Load(t2 + 16);
            c30 = Vector512.Load(t3);
            c31 = Vector512.Load(t3 + 16);
            c40 = Vector512.Load(t4);
            c41 = Vector512.Load(t4 + 16);
            c50 = Vector512.Load(t5);
            c51 = Vector512.Load(t5 + 16);
            c60 = Vector512.Load(t6);
            c61 = Vector512.Load(t6 + 16);
            c70 = Vector512.Load(t7);
            c71 = Vector512.Load(t7 + 16);
        }
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var x0 = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            var x4 = Vector512.Create(a[4]);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            var x5 = Vector512.Create(a[5]);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            var x6 = Vector512.Create(a[6]);
            c60 = Vector512.FusedMultiplyAdd(x6, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x6, b1, c61);
            var x7 = Vector512.Create(a[7]);
            c70 = Vector512.FusedMultiplyAdd(x7, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x7, b1, c71);
            b += 32;
            a += 8;
        }
        c00.Store(t0);
        c01.Store(t0 + 16);
        c10.Store(t1);
        c11.Store(t1 + 16);
        c20.Store(t2);
        c21.Store(t2 + 16);
        c30.Store(t3);
        c31.Store(t3 + 16);
        c40.Store(t4);
        c41.Store(t4 + 16);
        c50.Store(t5);
        c51.Store(t5 + 16);
        c60.Store(t6);
        c61.Store(t6 + 16);
        c70.Store(t7);
        c71.Store(t7 + 16);
    }
}
