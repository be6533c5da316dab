using System.Numerics;
using System.Runtime.CompilerServices;

namespace AttnCrnn.Audio;

/// <summary>
/// Triangular mel filters of equal area, evenly spaced on Slaney's mel scale (linear to 1 kHz, logarithmic above:
/// Slaney 1998, Auditory Toolbox, technical report 1998-010), equal to librosa.filters.mel.
/// </summary>
internal sealed class LogMelFilters
{
    private const double LinearHzPerMel = 200.0 / 3;
    private const double LogStartHz = 1000;
    private const double LogStartMel = LogStartHz / LinearHzPerMel;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    // A triangle spans 1 to 14 of the 201 bins: only the nonzero weights are stored, concatenated.
    private readonly int[] firstBins;
    private readonly int[] offsets;
    private readonly double[] weights;

    public LogMelFilters(int bands, int transformSamples, int sampleRateHz)
    {
        var corners = ComputeCorners(bands, sampleRateHz / 2.0);
        firstBins = new int[bands];
        offsets = new int[bands + 1];
        var nonzero = new List<double>();
        for (var band = 0; band < bands; band++)
        {
            var low = corners[band];
            var center = corners[band + 1];
            var high = corners[band + 2];
            firstBins[band] = -1;
            for (var bin = 0; bin <= transformSamples / 2; bin++)
            {
                var hz = (double)bin * sampleRateHz / transformSamples;
                var height = Math.Min((hz - low) / (center - low), (high - hz) / (high - center));
                if (height <= 0)
                    continue;
                if (firstBins[band] < 0)
                    firstBins[band] = bin;
                nonzero.Add(height * 2 / (high - low));
            }
            offsets[band + 1] = nonzero.Count;
        }
        weights = [.. nonzero];
    }

    /// <summary>Computes log10 of each band's power for several frames.</summary>
    /// <param name="power">[bins], power spectra, one frame per lane.</param>
    /// <param name="floor">Minimum power.</param>
    /// <param name="frames">[frames, bands], result; at most one frame per lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ComputeLogEnergies(ReadOnlySpan<Vector<double>> power, double floor, Span<float> frames)
    {
        var bands = firstBins.Length;
        for (var band = 0; band < bands; band++)
        {
            var filter = weights.AsSpan(offsets[band]..offsets[band + 1]);
            // Empty if the triangle lies between two bins.
            var bins = power.Slice(Math.Max(0, firstBins[band]), filter.Length);
            var sum = Vector<double>.Zero;
            for (var i = 0; i < filter.Length; i++)
                sum += filter[i] * bins[i];
            for (var frame = 0; frame * bands < frames.Length; frame++)
                frames[(frame * bands) + band] = (float)Math.Log10(Math.Max(sum[frame], floor));
        }
    }

    /// <summary>The dense filter matrix, [bands, bins].</summary>
    public double[,] ToMatrix(int bins)
    {
        var matrix = new double[firstBins.Length, bins];
        for (var band = 0; band < firstBins.Length; band++)
        for (var i = offsets[band]; i < offsets[band + 1]; i++)
            matrix[band, firstBins[band] + i - offsets[band]] = weights[i];
        return matrix;
    }

    private static double[] ComputeCorners(int bands, double highestHz)
    {
        var highestMel = ToMel(highestHz);
        var corners = new double[bands + 2];
        for (var i = 0; i < corners.Length; i++)
            corners[i] = ToHz(highestMel * i / (bands + 1));
        return corners;
    }

    /// <summary>
    /// The band of which a frequency is the center, 0 for the first one's; between bands a fraction, for axes of plots.
    /// </summary>
    /// <param name="bands">Number of bands from 0 to <paramref name="highestHz"/>.</param>
    public static double FindBand(double hz, int bands, double highestHz) =>
        (ToMel(hz) / ToMel(highestHz) * (bands + 1)) - 1;

    private static double ToMel(double hz) =>
        hz < LogStartHz ? hz / LinearHzPerMel : LogStartMel + Math.Log(hz / LogStartHz) / LogStep;

    private static double ToHz(double mel) =>
        mel < LogStartMel ? mel * LinearHzPerMel : LogStartHz * Math.Exp(LogStep * (mel - LogStartMel));
}
