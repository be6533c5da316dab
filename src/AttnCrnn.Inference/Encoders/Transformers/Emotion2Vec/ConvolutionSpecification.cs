using System.Globalization;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>
/// Parses <c>feature_encoder_spec</c>, a Python expression such as <c>[(512, 10, 5)] + [(512, 3, 2)] * 4</c>: sums of
/// lists of (channels, taps, stride), each repeated by a factor after it. Nothing is evaluated beyond that.
/// </summary>
internal sealed class ConvolutionSpecification
{
    private const int MaxConvolutions = 100;
    private const int MaxSize = 1 << 16;

    private readonly JsonCursor value;
    private readonly string text;
    private int position;

    private ConvolutionSpecification(JsonCursor value)
    {
        this.value = value;
        text = value.RequireString();
    }

    /// <summary>The convolutions that a specification lists.</summary>
    /// <exception cref="InvalidFileException">It is another expression, or lists more than 100.</exception>
    public static IReadOnlyList<WaveformConvolution> Parse(JsonCursor value) =>
        new ConvolutionSpecification(value).ParseSum();

    private List<WaveformConvolution> ParseSum()
    {
        var items = new List<WaveformConvolution>();
        do
        {
            var list = ParseList();
            var factor = TryTake('*') ? ParseInteger() : 1;
            if (items.Count + ((long)list.Count * factor) > MaxConvolutions)
                throw CreateError();
            for (var i = 0; i < factor; i++)
                items.AddRange(list);
        } while (TryTake('+'));
        SkipSpaces();
        return position == text.Length && items.Count > 0 ? items : throw CreateError();
    }

    private List<WaveformConvolution> ParseList()
    {
        var items = new List<WaveformConvolution>();
        Take('[');
        while (!TryTake(']'))
        {
            if (items.Count == MaxConvolutions)
                throw CreateError();
            items.Add(ParseTuple());
            if (!TryTake(','))
            {
                Take(']');
                break;
            }
        }
        return items;
    }

    private WaveformConvolution ParseTuple()
    {
        Take('(');
        var channels = ParseInteger();
        Take(',');
        var taps = ParseInteger();
        Take(',');
        var stride = ParseInteger();
        TryTake(',');
        Take(')');
        return new(channels, taps, stride);
    }

    private int ParseInteger()
    {
        SkipSpaces();
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return
            int.TryParse(
                text.AsSpan(start, position - start),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            ) && number is >= 1 and <= MaxSize
            ? number
            : throw CreateError();
    }

    private void Take(char character)
    {
        if (!TryTake(character))
            throw CreateError();
    }

    private bool TryTake(char character)
    {
        SkipSpaces();
        if (position == text.Length || text[position] != character)
            return false;
        position++;
        return true;
    }

    private void SkipSpaces()
    {
        while (position < text.Length && text[position] == ' ')
            position++;
    }

    private InvalidFileException CreateError() =>
        value.Unexpected(
            $"a sum of lists such as [(512, 10, 5)] + [(512, 3, 2)] * 4, of at most {MaxConvolutions} convolutions "
                + $"(error at character {position + 1})"
        );
}
