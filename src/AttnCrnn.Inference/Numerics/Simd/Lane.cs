namespace AttnCrnn.Numerics.Simd;

/// <summary>One float: the remainder of a row, with the same operations.</summary>
internal readonly unsafe struct Lane(float value) : ILanes<Lane>
{
    private readonly float value = value;

    public static int Count => 1;

    public static Lane Load(float* source) => new(*source);

    public static void Store(Lane lane, float* destination) => *destination = lane.value;

    public static Lane Broadcast(float value) => new(value);

    public static Lane operator +(Lane x, Lane y) => new(x.value + y.value);

    public static Lane operator -(Lane x, Lane y) => new(x.value - y.value);

    public static Lane operator *(Lane x, Lane y) => new(x.value * y.value);

    public static Lane operator /(Lane x, Lane y) => new(x.value / y.value);

    public static Lane MultiplyAdd(Lane x, Lane y, Lane z) => new(MathF.FusedMultiplyAdd(x.value, y.value, z.value));

    public static Lane Sqrt(Lane x) => new(MathF.Sqrt(x.value));

    public static Lane Abs(Lane x) => new(MathF.Abs(x.value));

    public static Lane CopySign(Lane magnitude, Lane sign) => new(MathF.CopySign(magnitude.value, sign.value));

    public static Lane SelectLess(Lane x, Lane y, Lane less, Lane otherwise) => x.value < y.value ? less : otherwise;

    public static bool LessThanAll(Lane x, Lane y) => x.value < y.value;

    public static Lane FromUpperBits(uint* words) => new(*words >> 8);

    public static void Split(Lane x, out Lane exponent, out Lane mantissa)
    {
        var bits = BitConverter.SingleToInt32Bits(x.value) - 0x3f3504f3;
        exponent = new(bits >> 23);
        mantissa = new(BitConverter.Int32BitsToSingle((bits & 0x007fffff) + 0x3f3504f3));
    }

    public static Lane ScaleByPowerOfTwo(Lane x, Lane shifted)
    {
        var n = BitConverter.SingleToInt32Bits(shifted.value) - BitConverter.SingleToInt32Bits(12582912f);
        var half = n >> 1;
        return new(x.value * PowerOfTwo(half) * PowerOfTwo(n - half));
    }

    private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}
