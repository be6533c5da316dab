using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AttnCrnn.Numerics.Simd;

/// <summary>Instruction sets of the processor, for the provenance of a run.</summary>
internal static class ProcessorFeatures
{
    /// <summary>Names of the vector extensions that the runtime uses, from the oldest to the newest.</summary>
    public static IReadOnlyList<string> List()
    {
        (string Name, bool IsSupported)[] features =
        [
            ("sse4.2", Sse42.IsSupported),
            ("avx", Avx.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx10.1", Avx10v1.IsSupported),
            ("neon", AdvSimd.IsSupported),
            ("dotprod", Dp.IsSupported),
        ];
        return [.. features.Where(feature => feature.IsSupported).Select(feature => feature.Name)];
    }
}
