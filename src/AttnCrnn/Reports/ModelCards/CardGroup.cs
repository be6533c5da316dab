using AttnCrnn.IO;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>Metrics of a group of clips, such as those of female speakers.</summary>
/// <param name="Attribute">By what the clips are grouped: <c>sex</c>.</param>
/// <param name="Name">The value that the clips of the group share.</param>
/// <param name="Clips">Number of its clips; null if it is not stored.</param>
internal sealed record CardGroup(string Attribute, string Name, int? Clips, double Uar)
{
    // A name of a person is not public, whatever the metrics are grouped by.
    private const string SpeakerAttribute = "speaker";

    /// <summary>
    /// Reads the value of <c>groups</c> in a metrics.json: an object with a list of groups for each attribute, or the
    /// groups by their names.
    /// </summary>
    /// <param name="json">null: the file has no such key.</param>
    public static IReadOnlyList<CardGroup> ReadAll(JsonCursor? json) =>
        json is not { IsObject: true }
            ? []
            :
            [
                .. json
                    .Fields.Where(attribute => attribute.Name != SpeakerAttribute)
                    .SelectMany(attribute => ReadAttribute(attribute.Name, attribute.Value)),
            ];

    private static IEnumerable<CardGroup> ReadAttribute(string attribute, JsonCursor json)
    {
        if (json.Find("groups") is { } nested)
            json = nested;
        var groups = json switch
        {
            { IsArray: true } => json.Items.Select(group => (Name: group.Find("group")?.AsText(), Group: group)),
            { IsObject: true } => json.Fields.Select(field => (Name: (string?)field.Name, Group: field.Value)),
            _ => [],
        };
        return groups
            .Where(group => group.Name is not null && group.Group.Find("uar")?.AsDouble() is not null)
            .Select(group => new CardGroup(
                attribute,
                group.Name!,
                group.Group.Find("n_clips")?.AsInt32(),
                group.Group.Find("uar")!.AsDouble()!.Value
            ));
    }
}
