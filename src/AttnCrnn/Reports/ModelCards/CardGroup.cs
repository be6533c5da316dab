using AttnCrnn.IO;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>Metrics of a group of clips, such as those of female speakers.</summary>
/// <param name="Attribute">By what the clips are grouped: <c>sex</c>.</param>
/// <param name="Name">The value that the clips of the group share.</param>
/// <param name="Clips">Number of its clips.</param>
/// <param name="Uar">Mean recall over the classes that all groups of the attribute have.</param>
internal sealed record CardGroup(string Attribute, string Name, int Clips, double Uar)
{
    /// <summary>
    /// By what clips are grouped on a card, which is public: a session may have the name of a person.
    /// </summary>
    public static IReadOnlyList<string> PublicAttributes { get; } =
    ["sex", "intensity", "statement", "corpus", "duration"];

    /// <summary>Reads the groups of a metrics.json; empty for files that have none.</summary>
    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The groups are damaged.</exception>
    public static IReadOnlyList<CardGroup> ReadAll(JsonCursor metrics) =>
        [
            .. GroupJson
                .Read(metrics)
                .Where(comparison => PublicAttributes.Contains(comparison.Attribute))
                .SelectMany(comparison =>
                    comparison.Groups.Select(group => new CardGroup(
                        comparison.Attribute,
                        group.Name,
                        group.Clips,
                        group.Uar
                    ))
                ),
        ];
}
