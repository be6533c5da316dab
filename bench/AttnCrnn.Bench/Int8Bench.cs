using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Features;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Onnx;
using AttnCrnn.Runs;

namespace AttnCrnn.Bench;

/// <summary>What <c>export --quantize int8</c> costs: a run of several folds, each fold's clips judged by its model as ONNX, with float32 weights and with eight bits.</summary>
internal static class Int8Bench
{
    public static JsonObject Run(string workFolder, string run, string store)
    {
        using var frames = FeatureStore.Open([store]);
        var (labels, predictions) = PredictionsCsv.Read(
            Path.Combine(new RunDirectory(workFolder, run).Analysis, "predictions.csv")
        );
        var places = frames
            .Clips.Select((clip, i) => (Key: new ClipKey(clip.Path, clip.StartSeconds, clip.EndSeconds), i))
            .ToDictionary(valueTuple => valueTuple.Key, valueTuple => valueTuple.i);
        List<int> truth = [];
        List<double[]> whole = [],
            coded = [];
        var (worst, sum) = (0.0, 0.0);
        foreach (var fold in predictions.GroupBy(clipPrediction => clipPrediction.Fold))
        {
            var (model, tensors, _, _) = ModelFile.Read(
                Path.Combine(
                    new RunDirectory(workFolder, run).Models(fold.Key),
                    "best_attn_crnn_model" + ModelFile.Extension
                )
            );
            using var exact = new OnnxSession(OnnxExporter.FeatureModel(model, tensors, quantizeInt8: false), 1);
            using var eight = new OnnxSession(OnnxExporter.FeatureModel(model, tensors, quantizeInt8: true), 1);
            foreach (var clip in fold)
            {
                var place = places[clip.Key];
                var (count, width) = (frames.Clips[place].Frames, model.Encoder.Width);
                var values = new float[count * width];
                frames.Read(place, values);
                double[] Judge(OnnxSession session) =>
                    [
                        .. session
                            .Run(("lengths", [count]), ("frames", values, [1, count, width]))
                            .Select(probability => (double)probability),
                    ];
                truth.Add(labels.ToList().IndexOf(clip.Truth));
                whole.Add(Judge(exact));
                coded.Add(Judge(eight));
                var apart = whole[^1].Zip(coded[^1], (a, b) => Math.Abs(a - b)).Max();
                (worst, sum) = (Math.Max(worst, apart), sum + apart);
            }
        }
        var (before, after) = (
            Classification.Compute(truth, whole, labels),
            Classification.Compute(truth, coded, labels)
        );
        return new()
        {
            ["bench"] = "int8",
            ["clips"] = truth.Count,
            ["uar"] = before.Uar,
            ["uar_int8"] = after.Uar,
            ["log_loss"] = before.LogLoss,
            ["log_loss_int8"] = after.LogLoss,
            ["other_label"] = whole
                .Zip(coded)
                .Count(pair => Classification.MostProbable(pair.First) != Classification.MostProbable(pair.Second)),
            ["mean_difference"] = sum / truth.Count,
            ["worst_difference"] = worst,
        };
    }
}
