using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>A channel of a recording.</summary>
internal sealed class ChannelOptionType : OptionType<AudioChannel>
{
    public override string Expected => AudioChannel.Expected;

    public override bool TryParse(IReadOnlyList<string> texts, out AudioChannel value)
    {
        value = default;
        return texts is [var text] && AudioChannel.TryParse(text, out value);
    }

    public override string Format(AudioChannel value) => value.ToString();

    public override JsonNode? ToJson(AudioChannel value) => value.ToString();
}
