using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Models;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Testing.Models;

/// <summary>
/// A trained and evaluated run in a working folder, without a training. Its models and files contain what must not be
/// published: <see cref="Private"/>.
/// </summary>
internal static class RunBuilder
{
    /// <summary>Name of a run that has no other.</summary>
    public const string Name = "attn_crnn_v2_20260131_235959";

    /// <summary>A speaker of a known corpus, with a name that nothing else contains.</summary>
    public const string Speaker = "GraceHopper";

    /// <summary>Names of a speaker, of folders and of files.</summary>
    public static readonly string[] Private = [Speaker, "clinic_recordings", "secret_start", "/home/ada", "patient_7"];

    /// <summary>An image of one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    /// <summary>Writes models, configuration and evaluation.</summary>
    /// <param name="folds">Number of folds; 0 without cross-validation.</param>
    /// <param name="trained">How many of the folds have a model; null: all.</param>
    public static RunDirectory Write(
        string workFolder,
        string name = Name,
        int folds = 0,
        int? trained = null,
        bool evaluated = true,
        EncoderDescription? encoder = null,
        bool synthetic = false
    )
    {
        var run = new RunDirectory(workFolder, name);
        var experiment = new ExperimentOptions { Folds = folds };
        RunConfigurationFile.Write(run.Configuration, new RunConfiguration { Experiment = experiment });
        int?[] numbers = folds == 0 ? [null] : [.. Enumerable.Range(1, trained ?? folds).Select(fold => (int?)fold)];
        foreach (var fold in numbers)
            WriteModel(Path.Combine(run.GetModelFolder(fold), "best_attn_crnn_model.keras"), fold, encoder, synthetic);
        if (evaluated)
            WriteEvaluation(run, folds, synthetic);
        return run;
    }

    /// <summary>Writes a small model with private training options; each seed has other weights.</summary>
    public static void WriteModel(
        string path,
        int? seed = null,
        EncoderDescription? encoder = null,
        bool synthetic = false
    )
    {
        using var logMel = new LogMelEncoder();
        encoder ??= logMel.Description;
        var network = new NetworkOptions(encoder.Width, PredictionBuilder.Labels.Length)
        {
            EncoderLayers = encoder.LayerCount,
            Conv1Filters = 8,
            Conv2Filters = 8,
            LstmUnits = 6,
            DenseUnits = 10,
        };
        var model = RandomModelBuilder.Create(network, seed ?? 1, encoder: encoder);
        ModelFileWriter.Write(
            path,
            model.Model with
            {
                Labels = PredictionBuilder.Labels,
                Synthetic = synthetic,
                Training = new JsonObject
                {
                    ["epochs"] = 12,
                    ["data_dirs"] = new JsonArray("clinic_recordings"),
                    ["init"] = "secret_start.keras",
                    ["test_speakers"] = new JsonArray(Speaker),
                    ["validation_speakers"] = new JsonArray(Speaker),
                },
            },
            model.Tensors
        );
    }

    private static void WriteEvaluation(RunDirectory run, int folds, bool synthetic)
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder
                .CreateRandom(1, speakers: 12, clipsEach: 8, folds: folds)
                .Select(clip =>
                    clip with
                    {
                        Path = $"/home/ada/patient_7{clip.Path}",
                        Speaker = $"ravdess_{Speaker}{clip.Speaker}",
                    }
                ),
        ];
        var protocol = PredictionBuilder.BySpeaker with
        {
            Split = PredictionBuilder.SpeakerSplit with { Folds = folds },
            TrainedFolds = [.. Enumerable.Range(1, folds)],
            Synthetic = synthetic,
        };
        var result = PredictionBuilder.Result(clips, protocol);
        File.WriteAllText(Path.Combine(run.Analysis, "metrics.json"), MetricsJson.Serialize(result));
        PredictionsCsv.Write(Path.Combine(run.Analysis, "predictions.csv"), result.Labels, result.Predictions);
        File.WriteAllBytes(Path.Combine(run.Analysis, "attn_crnn_confusion_matrix.png"), Png);
        File.WriteAllText(Path.Combine(run.Analysis, "report.html"), "");
    }
}
