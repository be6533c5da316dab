using System.Text.Json.Nodes;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>
/// <c>report.json</c>: what a page shows and no other file of the analysis folder has, so that it can be rendered again
/// without features and models.
/// </summary>
internal sealed record ReportFile
{
    /// <summary>File name in a run's analysis folder.</summary>
    public const string FileName = "report.json";

    private const int FormatVersion = 1;
    private const int MaxBytes = 16 << 20;

    /// <summary>Encoder of the frames.</summary>
    public required string Encoder { get; init; }

    /// <summary>Version of the program that evaluated the run.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Options and their values.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; }

    /// <summary>The best epoch of each trained fold, from 1, by fold; 0 stands for a run without folds.</summary>
    public required IReadOnlyDictionary<int, int> BestEpochs { get; init; }

    /// <summary>[models][layers], learned weights of the encoder layers; empty for a single layer.</summary>
    public required IReadOnlyList<float[]> LayerWeights { get; init; }

    /// <summary>The file of a report.</summary>
    public static ReportFile Create(RunReport report) =>
        new()
        {
            Encoder = report.Encoder,
            ProgramVersion = report.ProgramVersion,
            Configuration = report.Configuration,
            BestEpochs = report.Histories.ToDictionary(history => history.Fold ?? 0, history => history.BestEpoch),
            LayerWeights = report.Result.LayerWeights?.Models ?? [],
        };

    /// <summary>Reads the file; null if there is none.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static ReportFile? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var json = new JsonSource(path, $"the {FileName} of a run", "evaluate the run again").Read(MaxBytes);
        return new()
        {
            Encoder = json.GetString("encoder"),
            ProgramVersion = json.GetString("program_version"),
            Configuration =
            [
                .. json.GetObject("configuration")
                    .Fields.Select(field => KeyValuePair.Create(field.Name, field.Value.AsText() ?? "")),
            ],
            BestEpochs = json.GetArray("best_epochs")
                .Items.ToDictionary(entry => entry.GetInt32("fold"), entry => entry.GetInt32("epoch")),
            LayerWeights =
            [
                .. json.GetArray("layer_weights")
                    .Items.Select(model =>
                        model.Items.Select(weight => (float)(weight.AsDouble() ?? double.NaN)).ToArray()
                    ),
            ],
        };
    }

    /// <summary>Writes the file atomically.</summary>
    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["format_version"] = FormatVersion,
            ["encoder"] = Encoder,
            ["program_version"] = ProgramVersion,
            ["configuration"] = new JsonObject(
                Configuration.Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value))
            ),
            ["best_epochs"] = new JsonArray([
                .. BestEpochs.Select(best =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["fold"] = best.Key,

                            ["epoch"] = best.Value,
                        }
                ),
            ]),
            ["layer_weights"] = new JsonArray([
                .. LayerWeights.Select(model =>
                    (JsonNode)new JsonArray([.. model.Select(weight => (JsonNode)(double)weight)])
                ),
            ]),
        };
        AtomicFile.WriteText(Path.Combine(folder, FileName), ReportJson.Serialize(json) + "\n");
    }
}
