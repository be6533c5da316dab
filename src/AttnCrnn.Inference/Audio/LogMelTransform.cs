using System.Numerics;
using System.Runtime.CompilerServices;

namespace AttnCrnn.Audio;

/// <summary>
/// Power spectrum of real samples: a complex Stockham FFT (no bit reversal) of half the length over pairs of samples,
/// radices 4, 2 and 5, followed by the real-input split. Transforms one frame per vector lane; lanes are independent,
/// so the result depends neither on the other frames nor on the vector width.
/// </summary>
/// <typeparam name="T">
/// double, so that quiet bands next to loud ones keep their precision; float, for twice the frames at once, where its
/// rounding errors do not matter.
/// </typeparam>
internal sealed class LogMelTransform<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly int half;
    private readonly int[] radices;
    private readonly T[] cosines; // cos(-2πt / half): twiddle factors of all passes
    private readonly T[] sines;
    private readonly T[] splitCosines; // cos(-2πk / length): for the real-input split
    private readonly T[] splitSines;

    /// <param name="samples">The transform length: 2 · 2^a · 5^b.</param>
    public LogMelTransform(int samples)
    {
        half = samples / 2;
        radices = Factorize(half);
        (cosines, sines) = CreateRootsOfUnity(half, half);
        (splitCosines, splitSines) = CreateRootsOfUnity(samples, half + 1);
    }

    /// <summary>Number of frames transformed at once.</summary>
    public static int Lanes => Vector<T>.Count;

    /// <summary>Scratch size of <see cref="ComputePower"/>, in vectors.</summary>
    public int ScratchLength => 4 * half + half + 1;

    /// <summary>Computes |X|² from 0 Hz to the Nyquist frequency.</summary>
    /// <param name="samples">[length], windowed, one frame per lane.</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    /// <returns>[length / 2 + 1], a slice of the scratch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<Vector<T>> ComputePower(ReadOnlySpan<Vector<T>> samples, Span<Vector<T>> scratch)
    {
        var re = scratch[..half];
        var im = scratch.Slice(half, half);
        var nextRe = scratch.Slice(2 * half, half);
        var nextIm = scratch.Slice(3 * half, half);
        for (var i = 0; i < half; i++)
        {
            re[i] = samples[2 * i];
            im[i] = samples[2 * i + 1];
        }
        var length = half;
        var stride = 1;
        foreach (var radix in radices)
        {
            length /= radix;
            if (radix == 5)
                ApplyRadix5(re, im, nextRe, nextIm, length, stride);
            else if (radix == 4)
                ApplyRadix4(re, im, nextRe, nextIm, length, stride);
            else
                ApplyRadix2(re, im, nextRe, nextIm, length, stride);
            stride *= radix;
            var oldRe = re;
            var oldIm = im;
            re = nextRe;
            im = nextIm;
            nextRe = oldRe;
            nextIm = oldIm;
        }
        var power = scratch.Slice(4 * half, half + 1);
        SplitToPower(re, im, power);
        return power;
    }

    // Real-input split, with Z the transform of z[j] = x[2j] + i x[2j+1]:
    // X[k] = E + W·O, E = (Z[k] + Z*[N-k]) / 2, O = (Z[k] - Z*[N-k]) / 2i, W = exp(-2πi k / 2N).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SplitToPower(ReadOnlySpan<Vector<T>> re, ReadOnlySpan<Vector<T>> im, Span<Vector<T>> power)
    {
        var two = T.CreateChecked(2);
        for (var k = 0; k <= half; k++)
        {
            var a = k == half ? 0 : k;
            var b = k == 0 ? 0 : half - k;
            Vector<T> evenRe = (re[a] + re[b]) / two;
            Vector<T> evenIm = (im[a] - im[b]) / two;
            Vector<T> oddRe = (im[a] + im[b]) / two;
            Vector<T> oddIm = (re[b] - re[a]) / two;
            var c = splitCosines[k];
            var s = splitSines[k];
            var x = evenRe + c * oddRe - s * oddIm;
            var y = evenIm + c * oddIm + s * oddRe;
            power[k] = x * x + y * y;
        }
    }

    // A radix-r pass over n = r·m points, s interleaved transforms:
    // y[q + s(rp + k)] = w(p·k) Σ_j x[q + s(p + mj)] exp(-2πi jk / r).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyRadix2(
        ReadOnlySpan<Vector<T>> re,
        ReadOnlySpan<Vector<T>> im,
        Span<Vector<T>> destinationRe,
        Span<Vector<T>> destinationIm,
        int m,
        int s
    )
    {
        for (var p = 0; p < m; p++)
        for (var q = 0; q < s; q++)
        {
            var source = q + s * p;
            var destination = q + s * 2 * p;
            Vector<T> aRe = re[source];
            Vector<T> aIm = im[source];
            Vector<T> bRe = re[source + s * m];
            Vector<T> bIm = im[source + s * m];
            destinationRe[destination] = aRe + bRe;
            destinationIm[destination] = aIm + bIm;
            StoreRotated(aRe - bRe, aIm - bIm, p * s, destinationRe, destinationIm, destination + s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyRadix4(
        ReadOnlySpan<Vector<T>> re,
        ReadOnlySpan<Vector<T>> im,
        Span<Vector<T>> destinationRe,
        Span<Vector<T>> destinationIm,
        int m,
        int s
    )
    {
        for (var p = 0; p < m; p++)
        for (var q = 0; q < s; q++)
        {
            var i0 = q + s * p;
            var destination = q + s * 4 * p;
            var i1 = i0 + s * m;
            var i2 = i0 + 2 * s * m;
            var i3 = i0 + 3 * s * m;
            Vector<T> sumRe = re[i0] + re[i2];
            Vector<T> sumIm = im[i0] + im[i2];
            Vector<T> differenceRe = re[i0] - re[i2];
            Vector<T> differenceIm = im[i0] - im[i2];
            Vector<T> oddRe = re[i1] + re[i3];
            Vector<T> oddIm = im[i1] + im[i3];
            Vector<T> turnedRe = im[i1] - im[i3];
            Vector<T> turnedIm = re[i3] - re[i1];
            destinationRe[destination] = sumRe + oddRe;
            destinationIm[destination] = sumIm + oddIm;
            StoreRotated(
                differenceRe + turnedRe,
                differenceIm + turnedIm,
                p * s,
                destinationRe,
                destinationIm,
                destination + s
            );
            StoreRotated(sumRe - oddRe, sumIm - oddIm, 2 * p * s, destinationRe, destinationIm, destination + 2 * s);
            StoreRotated(
                differenceRe - turnedRe,
                differenceIm - turnedIm,
                3 * p * s,
                destinationRe,
                destinationIm,
                destination + 3 * s
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyRadix5(
        ReadOnlySpan<Vector<T>> re,
        ReadOnlySpan<Vector<T>> im,
        Span<Vector<T>> destinationRe,
        Span<Vector<T>> destinationIm,
        int m,
        int s
    )
    {
        // Cosines and sines of 72° and 144°.
        var c1 = T.CreateChecked(0.30901699437494742);
        var c2 = T.CreateChecked(-0.80901699437494742);
        var s1 = T.CreateChecked(0.95105651629515357);
        var s2 = T.CreateChecked(0.58778525229247313);
        for (var p = 0; p < m; p++)
        for (var q = 0; q < s; q++)
        {
            var i0 = q + s * p;
            var destination = q + s * 5 * p;
            var step = s * m;
            Vector<T> aRe = re[i0];
            Vector<T> aIm = im[i0];
            Vector<T> p1Re = re[i0 + step] + re[i0 + 4 * step];
            Vector<T> p1Im = im[i0 + step] + im[i0 + 4 * step];
            Vector<T> d1Re = re[i0 + step] - re[i0 + 4 * step];
            Vector<T> d1Im = im[i0 + step] - im[i0 + 4 * step];
            Vector<T> p2Re = re[i0 + 2 * step] + re[i0 + 3 * step];
            Vector<T> p2Im = im[i0 + 2 * step] + im[i0 + 3 * step];
            Vector<T> d2Re = re[i0 + 2 * step] - re[i0 + 3 * step];
            Vector<T> d2Im = im[i0 + 2 * step] - im[i0 + 3 * step];
            Vector<T> b1Re = aRe + c1 * p1Re + c2 * p2Re;
            Vector<T> b1Im = aIm + c1 * p1Im + c2 * p2Im;
            Vector<T> b2Re = aRe + c2 * p1Re + c1 * p2Re;
            Vector<T> b2Im = aIm + c2 * p1Im + c1 * p2Im;
            Vector<T> e1Re = s1 * d1Re + s2 * d2Re;
            Vector<T> e1Im = s1 * d1Im + s2 * d2Im;
            Vector<T> e2Re = s2 * d1Re - s1 * d2Re;
            Vector<T> e2Im = s2 * d1Im - s1 * d2Im;
            destinationRe[destination] = aRe + p1Re + p2Re;
            destinationIm[destination] = aIm + p1Im + p2Im;
            StoreRotated(b1Re + e1Im, b1Im - e1Re, p * s, destinationRe, destinationIm, destination + s);
            StoreRotated(b2Re + e2Im, b2Im - e2Re, 2 * p * s, destinationRe, destinationIm, destination + 2 * s);
            StoreRotated(b2Re - e2Im, b2Im + e2Re, 3 * p * s, destinationRe, destinationIm, destination + 3 * s);
            StoreRotated(b1Re - e1Im, b1Im + e1Re, 4 * p * s, destinationRe, destinationIm, destination + 4 * s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreRotated(
        Vector<T> re,
        Vector<T> im,
        int angle,
        Span<Vector<T>> destinationRe,
        Span<Vector<T>> destinationIm,
        int destination
    )
    {
        var c = cosines[angle];
        var s = sines[angle];
        destinationRe[destination] = c * re - s * im;
        destinationIm[destination] = c * im + s * re;
    }

    private static (T[] Cosines, T[] Sines) CreateRootsOfUnity(int order, int count)
    {
        var cosines = new T[count];
        var sines = new T[count];
        for (var i = 0; i < count; i++)
        {
            var (sine, cosine) = Math.SinCos(-2 * Math.PI * i / order);
            sines[i] = T.CreateChecked(sine);
            cosines[i] = T.CreateChecked(cosine);
        }
        return (cosines, sines);
    }

    private static int[] Factorize(int number)
    {
        var factors = new List<int>();
        foreach (var radix in (int[])[4, 2, 5])
            for (; number % radix == 0; number /= radix)
                factors.Add(radix);
        return number == 1
            ? [.. factors]
            : throw new ArgumentException("expected twice a product of 2s and 5s", nameof(number));
    }
}
