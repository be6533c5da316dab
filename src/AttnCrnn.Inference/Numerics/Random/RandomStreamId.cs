namespace AttnCrnn.Numerics.Random;

/// <summary>
/// The purpose of a random stream; streams of different purposes are independent. The values are part of every result
/// and must not change.
/// </summary>
internal enum RandomStreamId
{
    Initialization = 0,
    Split = 1,
    Shuffle = 2,
    MixUp = 3,
    MixUpPartner = 4,
    Noise = 5,
    InputDropout = 6,
    RecurrentDropout = 7,
    Dropout = 8,
    HeadDropout = 9,
    TimeMask = 10,
    FrequencyMask = 11,
    Tempo = 12,
    Bootstrap = 13,
    Demo = 14,
    BandShift = 15,
    Gain = 16,
    TrainingSample = 17,
}
