using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Features;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>The clip context and the padded context are different encoders, for stores and for models.</summary>
public sealed class WhisperContextTests : IDisposable
{
    private readonly WhisperCheckpointBuilder checkpoint = new(new() { Positions = 500 });
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_clip_context_is_the_default()
    {
        using var encoder = checkpoint.Open();
        using var clip = checkpoint.Open(context: EncoderContext.Clip);
        Assert.Equal(clip.Description, encoder.Description);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, "-1-clip")]
    [InlineData(EncoderContext.Padded, "-1-padded")]
    public void The_revision_ends_in_the_context(EncoderContext context, string end)
    {
        using var encoder = checkpoint.Open(context: context);
        Assert.EndsWith(end, encoder.Description.Revision, StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptions_of_the_two_contexts_differ_in_the_revision_alone()
    {
        using var clip = checkpoint.Open(context: EncoderContext.Clip);
        using var padded = checkpoint.Open(context: EncoderContext.Padded);
        Assert.NotEqual(clip.Description, padded.Description);
        Assert.Equal(clip.Description, padded.Description with { Revision = clip.Description.Revision });
    }

    [Fact]
    public void Frames_of_the_two_contexts_differ()
    {
        using var clip = checkpoint.Open("last", EncoderContext.Clip);
        using var padded = checkpoint.Open("last", EncoderContext.Padded);
        var sound = ToneClipBuilder.Tone(3);
        var (unpaddedFrames, paddedFrames) = (clip.Encode(sound), padded.Encode(sound));
        Assert.Equal(unpaddedFrames.Count, paddedFrames.Count);
        Assert.True(unpaddedFrames.Values.Zip(paddedFrames.Values, (a, b) => Math.Abs(a - b)).Max() > 0.1);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, EncoderContext.Padded)]
    [InlineData(EncoderContext.Padded, EncoderContext.Clip)]
    public void A_store_of_one_context_rejects_the_other(EncoderContext stored, EncoderContext requested)
    {
        var clips = ToneClipBuilder.Create(folder, 2, "a", "b");
        var options = new ExtractionOptions(folder.PathOf("store"));
        using var encoder = checkpoint.Open(context: stored);
        new FeatureExtractor(encoder, options, TimeProvider.System).Run(clips, false);
        using var otherEncoder = checkpoint.Open(context: requested);
        var extraction = new FeatureExtractor(otherEncoder, options, TimeProvider.System);
        var error = Assert.Throws<InvalidInputException>(() => extraction.Run(clips, false));
        Assert.Contains("context: the clip's own length", error.Message, StringComparison.Ordinal);
        Assert.Contains("context: padded to the model's window", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, SpeechPrecision.Float32, "1")]
    [InlineData(EncoderContext.Padded, SpeechPrecision.Float32, "all")]
    [InlineData(EncoderContext.Padded, SpeechPrecision.Int8, "last")]
    public void A_description_opens_the_encoder_that_it_describes(
        EncoderContext context,
        SpeechPrecision precision,
        string layers
    )
    {
        var options = new SpeechOptions
        {
            Context = context,

            Precision = precision,
        };
        var request = new EncoderRequest(checkpoint.Folder, layers) { Speech = options };
        using var encoder = EncoderCatalog.Open(request, notice => { });
        using var reopened = EncoderCatalog.Open(EncoderRequest.FromDescription(encoder.Description), notice => { });
        Assert.Equal(encoder.Description, reopened.Description);
        Assert.Equal(encoder.Encode(ToneClipBuilder.Tone(1)).Values, reopened.Encode(ToneClipBuilder.Tone(1)).Values);
    }

    [Theory]
    [InlineData(EncoderContext.Clip)]
    [InlineData(EncoderContext.Padded)]
    public void A_description_of_the_built_in_encoder_reopens_it(EncoderContext context)
    {
        var request = new EncoderRequest("whisper-tiny.en") { Speech = new() { Context = context } };
        using var encoder = EncoderCatalog.Open(request, notice => { });
        using var reopened = EncoderCatalog.Open(EncoderRequest.FromDescription(encoder.Description), notice => { });
        Assert.Equal(encoder.Description, reopened.Description);
    }
}
