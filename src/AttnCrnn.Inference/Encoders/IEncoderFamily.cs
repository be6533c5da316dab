namespace AttnCrnn.Encoders;

/// <summary>
/// A family of encoders: everything in which one kind of encoder differs from another. A family has a folder of its
/// own, and <see cref="EncoderFamilies.BuiltIn"/> lists it; no other code names it. The two kinds of families are
/// <see cref="INamedFamily"/> and <see cref="Transformers.ISpeechFamily"/>.
/// </summary>
internal interface IEncoderFamily
{
    /// <summary>The defaults of training options for frames of any encoder that states no others.</summary>
    const string CommonTrainingDefaults = "others";

    /// <summary>The family's name in messages and help.</summary>
    string Name { get; }

    /// <summary>
    /// Which set of defaults of training options suits the family's frames. The sets are in
    /// <c>Training/EncoderDefaults</c>; a family whose set is not the common one must also implement
    /// <see cref="Describes"/>, because a training knows its frames by their description alone.
    /// </summary>
    string TrainingDefaultsName => CommonTrainingDefaults;

    /// <summary>The default layers, for the help of --layers: <c>4-8</c>; null without layers.</summary>
    string? DefaultLayersHelp { get; }

    /// <summary>
    /// Whether frames are of this family, as far as the description in a store or a model tells: by the encoder's name,
    /// or by a suffix of its revision that no other family has.
    /// </summary>
    bool Describes(EncoderDescription description) => false;
}
