using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Features;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Onnx;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Measures the accuracy cost of <c>export --quantize int8</c>: every fold's test clips are classified by the fold's
/// ONNX model with float32 and with int8 weights.
/// </summary>
internal static class Int8Bench
{
    public static JsonObject Run(string workFolder, string run, string store)
    {
        using var frames = FeatureStore.Open([store]);
        var (labels, predictions) = PredictionsCsv.Read(
            Path.Combine(new RunDirectory(workFolder, run).Analysis, "predictions.csv")
        );
        var positions = frames
            .Clips.Select((clip, i) => (Key: new ClipKey(clip.Path, clip.StartSeconds, clip.EndSeconds), i))
            .ToDictionary(pair => pair.Key, pair => pair.i);
        List<int> truth = [];
        List<double[]> exactProbabilities = [],
            int8Probabilities = [];
        var maxDifference = 0.0;
        var totalDifference = 0.0;
        foreach (var fold in predictions.GroupBy(clipPrediction => clipPrediction.Fold))
        {
            var (model, tensors, _, _) = ModelFile.Read(
                ModelFolder.GetBestModelPath(new RunDirectory(workFolder, run).GetModelFolder(fold.Key))
            );
            using var exact = new OnnxSession(OnnxExporter.BuildFeatureModel(model, tensors, quantizeInt8: false), 1);
            using var int8 = new OnnxSession(OnnxExporter.BuildFeatureModel(model, tensors, quantizeInt8: true), 1);
            foreach (var clip in fold)
            {
                var position = positions[clip.Key];
                var count = frames.Clips[position].Frames;
                var width = model.Encoder.Width;
                var values = new float[count * width];
                frames.Read(position, values);
                double[] Classify(OnnxSession session) =>
                    [
                        .. session
                            .Run(("lengths", [count]), ("frames", values, [1, count, width]))
                            .Select(probability => (double)probability),
                    ];
                truth.Add(labels.ToList().IndexOf(clip.Truth));
                exactProbabilities.Add(Classify(exact));
                int8Probabilities.Add(Classify(int8));
                var difference = exactProbabilities[^1].Zip(int8Probabilities[^1], (a, b) => Math.Abs(a - b)).Max();
                maxDifference = Math.Max(maxDifference, difference);
                totalDifference += difference;
            }
        }
        var exactMetrics = Classification.Compute(truth, exactProbabilities, labels);
        var int8Metrics = Classification.Compute(truth, int8Probabilities, labels);
        return new()
        {
            ["bench"] = "int8",
            ["clips"] = truth.Count,
            ["uar"] = exactMetrics.Uar,
            ["uar_int8"] = int8Metrics.Uar,
            ["log_loss"] = exactMetrics.LogLoss,
            ["log_loss_int8"] = int8Metrics.LogLoss,
            ["other_label"] = exactProbabilities
                .Zip(int8Probabilities)
                .Count(pair =>
                    ClassProbabilities.FindMostProbable(pair.First) != ClassProbabilities.FindMostProbable(pair.Second)
                ),
            ["mean_difference"] = totalDifference / truth.Count,
            ["worst_difference"] = maxDifference,
        };
    }
}
