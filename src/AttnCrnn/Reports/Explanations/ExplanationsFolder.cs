using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Reports.Explanations;

/// <summary>
/// The folder <c>explanations</c> of an evaluation's analysis: <c>explanations.json</c> with the arrays, and a PNG per
/// clip, from which a report can be rendered again without the recordings.
/// </summary>
internal static class ExplanationsFolder
{
    /// <summary>Name of the folder.</summary>
    public const string Name = "explanations";

    /// <summary>Name of the file of the arrays.</summary>
    public const string FileName = "explanations.json";

    private const string PlotPattern = "clip_*.png";

    /// <summary>Writes the folder in the place of an earlier one.</summary>
    /// <param name="analysis">The analysis folder.</param>
    /// <param name="explanations">null: no clips are explained; those of an earlier evaluation are removed.</param>
    public static void Write(string analysis, ClipExplanations? explanations)
    {
        var folder = Path.Combine(analysis, Name);
        Remove(folder);
        if (explanations is null)
            return;
        foreach (var (index, clip) in explanations.Clips.Index())
            AtomicFile.WriteBytes(Path.Combine(folder, GetPlotName(index)), clip.Plot);
        AtomicFile.WriteText(Path.Combine(folder, FileName), ReportJson.Serialize(CreateJson(explanations)) + "\n");
    }

    /// <summary>Reads what <see cref="Write"/> has written; null: the clips were not explained.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    /// <param name="clips">Number of clips of the evaluation.</param>
    public static ClipExplanations? Read(string analysis, int clips)
    {
        var folder = Path.Combine(analysis, Name);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var json = new JsonSource(path, $"the {FileName} of an evaluation", "evaluate the run again").Read(
            int.MaxValue
        );
        var passedOver = json.GetObject("passed_over");
        return new(
            [.. json.Get("clips").Items.Select(clip => ReadClip(clip, folder, clips))],
            new(
                passedOver.GetInt32("missing"),
                passedOver.GetInt32("unreadable"),
                passedOver.GetInt32("too_long"),
                passedOver.GetInt32("different")
            ),
            json.Get("missing_reason").AsText()
        );
    }

    private static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder, PlotPattern))
            File.Delete(file);
        File.Delete(Path.Combine(folder, FileName));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    private static JsonObject CreateJson(ClipExplanations explanations) =>
        new()
        {
            ["missing_reason"] = explanations.MissingReason,
            ["passed_over"] = new JsonObject
            {
                ["missing"] = explanations.PassedOver.Missing,
                ["unreadable"] = explanations.PassedOver.Unreadable,
                ["too_long"] = explanations.PassedOver.TooLong,
                ["different"] = explanations.PassedOver.Different,
            },
            ["occlusion_step_s"] = Explanation.OcclusionSeconds,
            ["clips"] = new JsonArray([.. explanations.Clips.Select(CreateJson)]),
        };

    private static JsonObject CreateJson(ExplainedClip clip, int index) =>
        new()
        {
            ["plot"] = GetPlotName(index),
            ["row"] = clip.Row,
            ["chosen_as"] = clip.ChosenAs,
            ["true"] = clip.Truth,
            ["predicted"] = clip.Predicted,
            ["probability"] = clip.Confidence,
            ["seconds"] = clip.Seconds,
            ["attention_step_s"] = clip.Attention?.StepSeconds,
            ["attention"] = clip.Attention is { } attention ? CreateArray(attention.Weights) : null,
            ["occlusion"] = CreateArray(clip.ProbabilityLost),
        };

    private static ExplainedClip ReadClip(JsonCursor clip, string folder, int clips) =>
        new(
            clip.GetInt32("row", min: 1) is var row && row <= clips
                ? row
                : throw clip.Get("row").Unexpected($"a row of {PredictionsCsv.FileName}, which has {clips}"),
            clip.GetString("chosen_as"),
            clip.GetString("true"),
            clip.GetString("predicted"),
            clip.Get("probability").RequireDouble(),
            clip.Get("seconds").RequireDouble(),
            clip.Get("attention") is { IsArray: true } weights
                ? new(ReadArray(weights), clip.Get("attention_step_s").RequireDouble())
                : null,
            ReadArray(clip.Get("occlusion")),
            File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(clip.GetString("plot"))))
        );

    private static JsonArray CreateArray(IEnumerable<double> values) =>
        new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static double[] ReadArray(JsonCursor array) => [.. array.Items.Select(item => item.RequireDouble())];

    private static string GetPlotName(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"clip_{index + 1}.png");
}
