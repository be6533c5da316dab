using System.Globalization;
using System.Reflection;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Tests.Training;

/// <summary>The changes of options and data that prevent resuming a run.</summary>
public sealed class TrainingFingerprintTests
{
    private static readonly EncoderDescription Encoder = new("made", "1", "", 50, 2, 1);

    private static readonly TrainingOptions Defaults = new TrainingOptions { Threads = 1 }
        .WithEncoderDefaults(Encoder)
        .WithNetworkDefaults(initial: null, new());

    /// <summary>Every option that a user can set.</summary>
    public static TheoryData<string> Options { get; } =
    [
        .. typeof(TrainingOptions)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(propertyInfo => propertyInfo.Name),
    ];

    [Theory, MemberData(nameof(Options))]
    public void Every_option_that_affects_results_changes_the_fingerprint(string name)
    {
        var property = typeof(TrainingOptions).GetProperty(name)!;
        var options = Defaults with { };
        property.SetValue(options, ChangeValue(property.GetValue(options)));
        var changesNothing = name is nameof(TrainingOptions.Threads) or nameof(TrainingOptions.CheckpointEvery);
        foreach (var version in (int[])[1, 2])
            Assert.Equal(changesNothing, Fingerprint(Defaults, version) == Fingerprint(options, version));
    }

    [Fact]
    public void Frozen_defaults_match_the_recipe() =>
        Assert.All(TrainingFingerprint.ListValues(Defaults), option => Assert.Equal(option.Frozen, option.Value));

    [Fact]
    public void A_new_option_at_its_default_does_not_change_the_fingerprint() =>
        // The text lists only differences from the frozen defaults: here labels, encoder and clips.
        Assert.Equal("f0399a74fc13827d4f0ab30123ababa433310c2f25be007d8e2d15e9d577785d", Fingerprint(Defaults, 2));

    [Fact]
    public void Labels_encoder_and_clips_change_the_fingerprint()
    {
        var fingerprint = Fingerprint(Defaults, 2);
        Assert.NotEqual(fingerprint, Fingerprint(Defaults, 2, Job() with { Labels = ["a", "c"] }));
        Assert.NotEqual(
            fingerprint,
            Fingerprint(Defaults, 2, Job() with { Encoder = Encoder with { Revision = "2" } })
        );
        Assert.NotEqual(
            fingerprint,
            Fingerprint(Defaults, 2, Job() with { Train = [new(0, 0), new(1, 1), new(0, 1)] })
        );
    }

    private static object ChangeValue(object? value) =>
        value switch
        {
            null => 0.5, // of an option that only another choice has
            string text => text + "x",
            int number => number + 1,
            ulong number => number + 1,
            double number => number + 0.5,
            bool flag => !flag,
            Enum choice => Enum.ToObject(choice.GetType(), 1 - Convert.ToInt32(choice, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException($"{value}"),
        };

    private static string Fingerprint(TrainingOptions options, int version, TrainingJob? job = null) =>
        TrainingFingerprint.Compute(job ?? Job(), options, new(FeatureNormalization.None, null), version);

    private static TrainingJob Job() =>
        new(new TwoClips(), [new(0, 0), new(1, 1)], [new(0, 0)], ["a", "b"], Encoder, Defaults, "", false, [], "test");

    private sealed class TwoClips : IFrameSource
    {
        public int Width => 2;

        public int CountFrames(int clip) => 4 + clip;

        public string GetName(int clip) => $"{clip}";

        public void Read(int clip, Span<float> destination) => throw new NotSupportedException();
    }
}
