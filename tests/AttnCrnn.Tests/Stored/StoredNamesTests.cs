using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Export;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Models;
using AttnCrnn.Models.Keras;
using AttnCrnn.Onnx;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Stored;

/// <summary>
/// Every name in the files that users keep and in what other programs read. A test that fails here has found a change
/// that makes existing files unreadable or breaks scripts of users: change the code, or write a migration.
/// </summary>
public sealed class StoredNamesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Keys_of_attn_crnn_json_are_unchanged()
    {
        var (model, _, _) = SmallModelBuilder.Create("by speaker");
        var json = JsonNode.Parse(ModelDescription.Create(model).ToJson())!;
        Assert.Equal(
            "format_version labels encoder encoder.name encoder.revision encoder.layers "
                + "encoder.frames_per_second encoder.width encoder.layer_count takes normalisation "
                + "normalisation.kind normalisation.mean normalisation.deviation temperature synthetic "
                + "padding exact_convolution network network.name network.layers network.layers[].type "
                + "network.layers[].filters network.layers[].taps network.layers[].kernel "
                + "network.layers[].bias training training.epochs version",
            Keys(json)
        );
        Assert.Equal(["corpus", "speaker", "none"], [Kind("v2"), Kind("by speaker"), Kind("fixed length")]);

        static string Kind(string sample)
        {
            var description = ModelDescription.Create(SmallModelBuilder.Create(sample).Model).ToJson();
            return $"{JsonNode.Parse(description)!["normalisation"]!["kind"]}";
        }
    }

    [Theory]
    [InlineData(StorePrecision.Float16, StoreFormat.Store, "float16", "store")]
    [InlineData(StorePrecision.Float32, StoreFormat.Npz, "float32", "npz")]
    public void Keys_of_store_json_are_unchanged(
        StorePrecision precision,
        StoreFormat format,
        string precisionName,
        string formatName
    )
    {
        var encoder = new EncoderDescription("log-mel", "1", "", 100, 80, 1);
        StoreJson.WriteOrCheck(folder.Path, new(encoder, precision, format));
        var text = $$"""
            {
              "encoder": {
                "name": "log-mel",
                "revision": "1",
                "layers": "",
                "frames_per_second": 100,
                "width": 80,
                "layer_count": 1
              },
              "precision": "{{precisionName}}",
              "format": "{{formatName}}"
            }

            """;
        Assert.Equal(text, File.ReadAllText(Path.Combine(folder.Path, "store.json")));
    }

    [Fact]
    public void Keys_of_a_shards_index_are_unchanged()
    {
        var encoder = new EncoderDescription("made", "1", "", 50, 2, 1);
        FeatureStoreBuilder.Write(folder.Path, encoder, [new("clip.wav", "angry", "s1", new float[16])]);
        var index = Assert.Single(Directory.GetFiles(folder.Path, "part-*.csv"));
        Assert.Equal(
            "key,file,path,label,speaker,split,start,end,frames,seconds,bytes,modified,written,synthetic,problem,"
                + "sex,votes,channel,clip_channel,sources,session,dropped_by,audit,fingerprint",
            File.ReadLines(index).First()
        );
    }

    [Fact]
    public void Keys_of_metrics_json_are_unchanged()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8, folds: 2);
        clips[0] = clips[0] with { Votes = clips[0].Probabilities };
        var json = JsonNode.Parse(MetricsJson.Serialize(PredictionBuilder.Result(clips)))!;
        Assert.Equal(
            "uar uar_ci95 accuracy accuracy_ci95 macro_f1 macro_f1_ci95 macro_auc macro_auc_ci95 "
                + "macro_average_precision macro_average_precision_ci95 macro_precision macro_recall weighted_f1 "
                + "log_loss log_loss_ci95 ece ece_ci95 brier brier_ci95 matthews kappa "
                + "n_clips n_speakers labels "
                + "uar_classes classes_without_clips classes_without_training_clips "
                + "classes_without_validation_clips confusion_matrix per_class "
                + ListClassKeys()
                + " split split.method split.description split.speakers_disjoint split.folds "
                + "split.leave_one_speaker_out split.trained_folds split.unfinished_trainings split.warm_start "
                + "split.trained_corpora test_set overlap initial_overlap label_map repeats training leaks "
                + "unaudited_clips findings synthetic transductive adaptation intervals intervals.unit intervals.units "
                + "intervals.resamples intervals.method intervals.warning intervals.description calibration "
                + "calibration.temperature_scaling calibration.temperatures calibration.before calibration.after "
                + "calibration.after.log_loss calibration.after.brier calibration.after.ece calibration.after.bins "
                + "calibration.after.bins[].low calibration.after.bins[].high calibration.after.bins[].n_clips "
                + "calibration.after.bins[].confidence calibration.after.bins[].accuracy calibration.description "
                + "groups folds "
                + "folds[].fold folds[].n_clips folds[].n_speakers folds[].uar folds[].uar_classes "
                + "folds[].classes_without_clips folds[].accuracy folds[].macro_f1 layer_weights "
                + "layer_weights_deviation fold_uar fold_uar.mean fold_uar.deviation fold_accuracy "
                + "fold_accuracy.mean fold_accuracy.deviation fold_macro_f1 fold_macro_f1.mean fold_macro_f1.deviation "
                + "votes votes.n_clips votes.cross_entropy votes.entropy votes.jensen_shannon votes.n_majority "
                + "votes.majority_accuracy votes.majority_uar",
            Keys(json)
        );
    }

    private static string ListClassKeys() =>
        string.Join(
            ' ',
            PredictionBuilder.Labels.Select(label =>
                $"per_class.{label} "
                + string.Join(
                    ' ',
                    (
                        "precision recall f1 support auc average_precision precision_ci95 recall_ci95 f1_ci95 "
                        + "auc_ci95 average_precision_ci95"
                    )
                        .Split(' ')
                        .Select(key => $"per_class.{label}.{key}")
                )
            )
        );

    [Fact]
    public void Keys_of_metrics_json_of_groups_and_of_temperature_scaling_are_unchanged()
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder
                .CreateRandom(1, speakers: 5, clipsEach: 24)
                .Select(clip =>
                    clip with
                    {
                        Temperature = 1.5,
                        Sex = clip.Speaker switch
                        {
                            "s0" or "s1" => "female",
                            "s2" or "s3" => "male",
                            _ => "other",
                        },
                    }
                ),
        ];
        var json = JsonNode.Parse(MetricsJson.Serialize(PredictionBuilder.Result(clips)))!;
        Assert.Equal(
            "attribute definition groups groups[].name groups[].n_clips groups[].n_speakers groups[].uar "
                + "groups[].uar_ci95 groups[].accuracy groups[].accuracy_ci95 not_compared not_compared[].name "
                + "not_compared[].n_clips not_compared[].n_speakers n_clips_without_value uar_classes worst best "
                + "uar_gap uar_gap_ci95 description",
            Keys(json["groups"]![0]!)
        );
        Assert.Equal(Keys(json["calibration"]!["after"]!), Keys(json["calibration"]!["before"]!));
        Assert.Equal("fitted", $"{json["calibration"]!["temperature_scaling"]}");
    }

    [Fact]
    public void Keys_of_metrics_json_with_speaker_normalization_are_unchanged()
    {
        var protocol = PredictionBuilder.BySpeaker with { SpeakerNormalization = new(3, 2, 1) };
        var result = PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8), protocol);
        var json = JsonNode.Parse(MetricsJson.Serialize(result))!["adaptation"]!;
        Assert.Equal("own unnamed scarce description", Keys(json));
    }

    [Fact]
    public void Keys_of_report_json_are_unchanged()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8);
        var report = new RunReport("r", PredictionBuilder.Result(clips), [], [new("epochs", "30")], "log-mel", "1");
        ReportFile.Create(report).Write(folder.Path);
        Assert.Equal(
            "format_version encoder program_version configuration configuration.epochs best_epochs layer_weights",
            Keys(JsonNode.Parse(File.ReadAllText(folder.PathOf("report.json")))!)
        );
    }

    [Fact]
    public void Columns_of_predictions_csv_are_unchanged()
    {
        var path = Path.Combine(folder.Path, "predictions.csv");
        PredictionsCsv.Write(path, ["angry", "sad"], []);
        Assert.Equal("path,speaker,label,predicted,fold,start,end,p_angry,p_sad", File.ReadLines(path).First());
        PredictionsCsv.Write(
            path,
            PredictionBuilder.Labels,
            [
                PredictionBuilder.Clip("/a.wav", "s", 0, PredictionBuilder.CreateConfident(0)) with
                {
                    Channel = AttnCrnn.Audio.AudioChannel.Parse("2"),
                    Sex = "female",
                    Session = "1",
                    Seconds = 2.5,
                    Temperature = 1.25,
                },
            ]
        );
        Assert.Equal(
            "path,speaker,label,predicted,fold,start,end,channel,sex,session,seconds,temperature,"
                + "p_angry,p_calm,p_happy,p_sad",
            File.ReadLines(path).First()
        );
    }

    [Fact]
    public void Keys_of_deploy_json_are_unchanged() =>
        Assert.Equal(
            "host port key dir name to program stop_when_done fetch_within sbatch shards data_dirs train extract",
            string.Join(' ', DeploySettings.Keys)
        );

    [Fact]
    public void Keys_of_predict_json_output_are_unchanged() =>
        Assert.Equal(
            """{"path":"ü \"1\".wav","label":"sad","probabilities":{"angry":0.25,"sad":0.75},"""
                + "\"start_s\":0.5,\"end_s\":null,\"warnings\":[\"no_speech\"]}",
            new PredictionJson(["angry", "sad"]).Format(
                new(new("ü \"1\".wav"), 0.5, null, [0.25, 0.75], null)
                {
                    Warnings = [new(RecordingWarning.NoSpeech, "")],
                }
            )
        );

    [Fact]
    public void Names_of_warnings_are_unchanged() =>
        Assert.Equal(
            "checksum_mismatch clipped dc_offset decoder length_mismatch low_bandwidth missing_samples no_speech "
                + "non_finite second_data_chunk segment_end silent silent_channel too_short truncated very_long",
            string.Join(
                ' ',
                typeof(RecordingWarning)
                    .GetFields()
                    .Where(field => field.IsLiteral)
                    .Select(field => $"{field.GetRawConstantValue()}")
                    .Order(StringComparer.Ordinal)
            )
        );

    [Fact]
    public void Keys_of_a_failed_input_in_predict_json_output_are_unchanged() =>
        Assert.Equal(
            """{"path":"a.wav","error":"a.wav: too short"}""",
            new PredictionJson(["angry", "sad"]).Format(
                new(new("a.wav"), null, null, null, new InvalidInputException("a.wav", "too short"))
            )
        );

    [Fact]
    public void Columns_of_predict_csv_output_are_unchanged() =>
        Assert.Equal("path,label,start_s,end_s,angry,sad,error,warnings", new PredictionCsv(["angry", "sad"]).Header);

    [Fact]
    public void Keys_of_monitor_json_output_are_unchanged()
    {
        const string epoch =
            "epoch 12/30  loss 0.5123  accuracy 0.8012  val_loss 0.7001  val_accuracy 0.7500  val_uar 0.7333  "
            + "lr 0.0005  1.2 s  600 clips/s  up to 1:02:03 left  best";
        var output = $"run=r\nfeatures=1 2 f\ncheckpoint=5 c\n[epochs]\n{epoch}\n[log]\n";
        var target = new RemoteTarget(new LocalMachine(), new TmuxJobRunner(), "/there", "session", []);
        var json = JsonNode.Parse(StatusJson.Format(RunStatus.Parse(output), target))!;
        Assert.Equal(
            "machine folder session run state session_is_there notes process heartbeat_age_s exit_code fetched epoch "
                + "epochs fold folds seed seed_number seeds left_s best best.epoch best.val_accuracy best.val_uar "
                + "best.val_loss features features[].name features[].files features[].bytes checkpoints "
                + "checkpoints[].name checkpoints[].age_s "
                + "has_report disk_free_bytes memory_bytes memory_free_bytes memory_used_bytes gpus log step "
                + "steps early_stops errors",
            Keys(json)
        );
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("run=r", "prepared")]
    [InlineData("run=r\nsession=yes", "starting")]
    [InlineData("run=r\nsession=yes\nstage=waiting", "waiting")]
    [InlineData("run=r\nprocess=7", "training")]
    [InlineData("run=r\nexit_code=0", "ended")]
    [InlineData("run=r\nlog_changed=1", "lost")]
    public void State_names_of_a_deployed_run_are_unchanged(string output, string state)
    {
        var status = RunStatus.Parse(output + "\n[epochs]\n[log]\n");
        var target = new RemoteTarget(new LocalMachine(), new TmuxJobRunner(), "/there", "session", []);
        Assert.Equal(state, $"{JsonNode.Parse(StatusJson.Format(status, target))!["state"]}");
    }

    [Theory]
    [InlineData("corpus", false)]
    [InlineData("none", true)]
    public void Metadata_keys_of_an_ONNX_file_are_unchanged(string normalization, bool isSynthetic)
    {
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(6, 3), seed: 5, normalization);
        var path = Path.Combine(folder.Path, "a.onnx");
        OnnxExporter.ExportFeatureModel(
            path,
            modelBuilder.Model with
            {
                Synthetic = isSynthetic,
            },
            modelBuilder.Tensors
        );
        using var session = OnnxSession.Load(path, 1);
        string[] expected =
        [
            "attn_crnn_version",
            "encoder",
            "encoder_layer_count",
            "encoder_layers",
            "encoder_revision",
            "encoder_width",
            "frames_per_second",
            "labels",
            "least_frames",
            "network",
            "normalisation",
            .. normalization == "none" ? (string[])[] : ["normalised"],
            .. isSynthetic ? (string[])["synthetic"] : [],
            "temperature",
        ];
        Assert.Equal(expected, session.Metadata.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Keys_of_a_safetensors_export_are_unchanged()
    {
        var builder = RandomModelBuilder.Create(new NetworkOptions(6, 3), seed: 5);
        await ModelExporters
            .Find("safetensors")!
            .ExportAsync(
                new(builder.Model, builder.Tensors, Optimizer: null, Notices: []),
                Path.Combine(folder.Path, "m.safetensors"),
                new(),
                TestContext.Current.CancellationToken
            );
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "m.json")))!;
        Assert.Equal(
            "format format_version version weights_file labels encoder encoder.name encoder.revision encoder.layers "
                + "encoder.frames_per_second encoder.width encoder.layer_count normalization normalization.kind "
                + "normalization.mean normalization.standard_deviation min_frames max_frames synthetic network "
                + "network.version network.encoder_layers network.width network.classes layers layers[].type training",
            Keys(json)
        );
        Assert.Equal(1, (int)json["format_version"]!);
        Assert.Equal(
            "normalization; conv1d filters taps kernel bias; relu; max_pooling1d size; "
                + "conv1d filters taps kernel bias; relu; max_pooling1d size; "
                + "bidirectional_lstm units dropout recurrent_dropout forward backward; dropout rate; "
                + "self_attention scale residual; layer_normalization epsilon gamma beta; mean_over_time; "
                + "dense units kernel bias; batch_normalization epsilon gamma beta moving_mean moving_variance; gelu; "
                + "dropout rate; dense units kernel bias; softmax temperature",
            string.Join("; ", json["layers"]!.AsArray().Select(layer => ListFields(layer!.AsObject())))
        );
    }

    [Theory]
    [InlineData(
        "v2",
        "features normalization conv1d max_pooling1d conv1d_1 max_pooling1d_1 bidirectional dropout attention add "
            + "layer_normalization global_average_pooling1d dense batch_normalization activation dropout_1 dense_1 "
            + "rescaling softmax"
    )]
    [InlineData(
        "mix",
        "features normalization layer_mix_permute layer_mix layer_mix_reshape conv1d max_pooling1d conv1d_1 "
            + "max_pooling1d_1 bidirectional dropout attention add layer_normalization global_average_pooling1d dense "
            + "batch_normalization activation dropout_1 dense_1 rescaling softmax"
    )]
    [InlineData(
        "v1",
        "features normalization conv1d max_pooling1d conv1d_1 max_pooling1d_1 bidirectional dropout attention "
            + "global_average_pooling1d dense activation dropout_1 dense_1 rescaling softmax"
    )]
    public void Layer_names_of_a_keras_archive_are_unchanged(string sample, string layers)
    {
        var (model, _, _) = SmallModelBuilder.Create(sample);
        var config = JsonNode.Parse(KerasConfig.Write(model, null))!["config"]!;
        Assert.Equal($"attn_crnn_{(sample == "v1" ? "v1" : "v2")}", $"{config["name"]}");
        Assert.Equal(layers, string.Join(' ', config["layers"]!.AsArray().Select(layer => $"{layer!["name"]}")));
    }

    // The type of a layer and the keys that follow it.
    private static string ListFields(JsonObject layer) =>
        string.Join(' ', layer.Skip(1).Select(field => field.Key).Prepend($"{layer["type"]}"));

    // In order of appearance; for a list, the keys of its first item.
    private static string Keys(JsonNode json) => string.Join(' ', ListKeys(json, ""));

    private static IEnumerable<string> ListKeys(JsonNode? json, string path) =>
        json switch
        {
            JsonObject members => members.SelectMany(member =>
                ListKeys(member.Value, path + "." + member.Key).Prepend((path + "." + member.Key).TrimStart('.'))
            ),
            JsonArray { Count: > 0 } items => ListKeys(items[0], path + "[]"),
            _ => [],
        };
}
