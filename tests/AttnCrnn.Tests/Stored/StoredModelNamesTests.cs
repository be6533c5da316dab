using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Export;
using AttnCrnn.Prediction;
using AttnCrnn.Reports.Inventory;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Tests.Stored;

/// <summary>Names in what models, show, predict and export --to hub write for other programs.</summary>
public sealed class StoredModelNamesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Keys_of_models_json_output_are_unchanged()
    {
        RunBuilder.Write(folder.Path);
        var json = JsonNode.Parse(InventoryJson.Serialize(RunInventory.Read(folder.Path)))!;
        Assert.Equal(
            "run started kind state version network encoder encoder_layers labels models folds trained_folds seeds "
                + "trained_seeds protocol split speakers_disjoint n_clips n_speakers uar uar_ci95 accuracy "
                + "accuracy_ci95 repeats synthetic problem",
            Keys(json["runs"]![0]!)
        );
    }

    [Fact]
    public void Keys_of_show_json_output_are_unchanged()
    {
        var run = RunBuilder.Write(folder.Path);
        var json = JsonNode.Parse(ModelDetailsJson.Serialize(ModelDetails.Read(folder.Path, run.Name)))!;
        Assert.Equal("name run sha256 files model options data split metrics limits", Keys(json));
        Assert.Equal("path bytes sha256 temperature", Keys(json["files"]![0]!));
        Assert.Equal(
            "labels network parameters encoder normalization temperature padding synthetic version",
            Keys(json["model"]!)
        );
        Assert.Equal("name revision layers frames_per_second width layer_count", Keys(json["model"]!["encoder"]!));
        Assert.Equal(
            "n_clips n_speakers folds uar uar_ci95 accuracy accuracy_ci95 macro_f1 macro_f1_ci95 recall",
            Keys(json["metrics"]!)
        );
    }

    [Fact]
    public void Names_of_states_are_unchanged() =>
        Assert.Equal(
            "evaluated not_evaluated unfinished damaged",
            string.Join(' ', Enum.GetValues<RunState>().Select(RunStates.Format))
        );

    [Fact]
    public void The_name_of_the_model_card_is_unchanged() => Assert.Equal("MODEL_CARD.md", ModelCard.FileName);

    [Fact]
    public async Task Keys_of_an_exported_config_json_are_unchanged()
    {
        RunBuilder.Write(folder.PathOf("work"));
        await RunExporters
            .Find("hub")!
            .ExportAsync(
                RunExport.Find(folder.PathOf("work"), RunBuilder.Name),
                folder.PathOf("hub"),
                new(),
                TestContext.Current.CancellationToken
            );
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("hub", "config.json")))!;
        Assert.Equal(
            "format format_version name version task labels id2label label2id models onnx_input sample_rate_hz "
                + "channels encoder normalization padding min_frames network parameters synthetic training",
            Keys(json)
        );
        Assert.Equal("keras onnx sha256 temperature", Keys(json["models"]![0]!));
        Assert.Equal(("attn-crnn", 1), ($"{json["format"]}", (int)json["format_version"]!));
    }

    [Fact]
    public void Keys_of_the_model_in_predict_json_output_are_unchanged()
    {
        Assert.Equal(
            """{"path":"a.wav","label":"sad","probabilities":{"angry":0.25,"sad":0.75},"start_s":null,"end_s":null,"""
                + "\"warnings\":[],\"model\":\"run\",\"model_sha256\":\"ab\"}",
            Format(new("run", "ab"), new(new("a.wav"), null, null, [0.25, 0.75], null))
        );
        Assert.Equal(
            """{"path":"a.wav","error":"a.wav: too short","model":"o/n","model_sha256":null,"model_revision":"1"}""",
            Format(
                new("o/n", null) { Revision = "1" },
                new(new("a.wav"), null, null, null, new InvalidInputException("a.wav", "too short"))
            )
        );
    }

    private static string Format(ModelIdentity model, AttnCrnn.Prediction.Recordings.RecordingPrediction prediction) =>
        new PredictionJson(["angry", "sad"]) { Model = model }.Format(prediction);

    private static string Keys(JsonNode json) => string.Join(' ', json.AsObject().Select(field => field.Key));
}
