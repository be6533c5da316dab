using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Runs;

/// <summary>Whether models were trained enough, or too much: measured after the training, from their files.</summary>
public sealed class TrainingFitTests : IDisposable
{
    private const int Epochs = 4;

    private readonly TempFolder folder = new();

    public TrainingFitTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("features"), clips: 36, clipsPerSpeaker: 6);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Training_metrics_are_those_of_the_best_model_without_noise_and_dropout()
    {
        using var run = Train();
        var fit = Assert.Single(run.Evaluate(writer: null, CancellationToken.None).TrainingFits);
        var split = run.Experiment.Splits[0];
        Assert.Equal(split.Facts.Train.Clips, fit.TrainingClips);
        Assert.Equal(Predict(run, split.GetIndices(Subset.Train)), fit.Train);
        Assert.Equal(Predict(run, split.GetIndices(Subset.Validation)), fit.Validation);
        Assert.Equal(fit.Train.Uar - fit.Validation.Uar, fit.UarGap);
    }

    [Fact]
    public void The_chosen_epoch_and_the_first_near_it_come_from_the_history()
    {
        using var run = Train();
        var fit = Assert.Single(run.Evaluate(writer: null, CancellationToken.None).TrainingFits);
        var (history, bestEpoch) = Trainer.ReadHistory(run.Directory.GetResumeFolder(null))!.Value;
        var best = history.Max(epoch => epoch.ValAccuracy);
        Assert.Equal((bestEpoch, best, history.Count), (fit.BestEpoch, fit.Best, fit.Epochs));
        var near = history.First(epoch => epoch.ValAccuracy >= 0.95 * best).Epoch;
        Assert.Equal(near, fit.NearBestEpoch);
        var steps = (run.Experiment.Splits[0].Facts.Train.Clips + 7) / 8;
        Assert.Equal(near * steps, fit.NearBestStep);
    }

    [Fact]
    public void Measuring_changes_no_file_of_the_training()
    {
        using var run = Train();
        var before = HashFiles(run.Directory.Checkpoints);
        run.Evaluate(writer: null, CancellationToken.None);
        Assert.Equal(before, HashFiles(run.Directory.Checkpoints));
    }

    [Fact]
    public void Each_fold_is_measured_and_reported_with_the_mean_of_the_gaps()
    {
        using var run = Train(folds: 3);
        var result = run.Evaluate(new RunReportWriter(), CancellationToken.None);
        Assert.Equal([1, 2, 3], result.TrainingFits.Select(fit => fit.Fold));
        var text = File.ReadAllText(Path.Combine(run.Directory.Analysis, "classification_report.txt"));
        Assert.Contains("In 3 folds, epoch ", text, StringComparison.Ordinal);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Directory.Analysis, "metrics.json")))!["training"]!;
        Assert.Equal(result.TrainingFits.Average(fit => fit.UarGap), (double)json["uar_gap"]!["mean"]!, 1e-12);
        Assert.Contains(
            "Trained enough, or too much?",
            File.ReadAllText(run.Directory.Report),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_large_training_set_is_sampled_and_the_sample_depends_on_the_seed_alone()
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("large"), clips: 900, clipsPerSpeaker: 60);
        using var run = Train(data: "large", epochs: 1);
        var first = Assert.Single(run.Evaluate(writer: null, CancellationToken.None).TrainingFits);
        var second = Assert.Single(run.Evaluate(writer: null, CancellationToken.None).TrainingFits);
        Assert.True(first.TrainingClips > TrainingFitMeasurement.MaxSample, $"{first.TrainingClips}");
        Assert.Equal(TrainingFitMeasurement.MaxSample, first.Train.Clips);
        Assert.Equal(first, second);
        Assert.StartsWith("500 training clips", TrainingFitText.DescribeMethod([first]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_checkpoints_has_no_such_section()
    {
        using var run = Train();
        Directory.Delete(run.Directory.GetResumeFolder(null), recursive: true);
        var result = run.Evaluate(new RunReportWriter(), CancellationToken.None);
        Assert.Empty(result.TrainingFits);
        Assert.DoesNotContain("Trained enough", File.ReadAllText(run.Directory.Report), StringComparison.Ordinal);
    }

    private static SetMetrics Predict(TrainingRun run, IReadOnlyList<int> clips)
    {
        using var model = Ensemble.Load(
            RunDirectory.FindModels(run.Directory.WorkFolder, run.Directory.Name),
            threads: 1
        );
        var encoder = run.Store.Description.Encoder;
        var probabilities = model.Predict([
            .. clips.Select(clip => new FrameMatrix(
                FeatureStoreBuilder.ReadFrames(run.Store, clip),
                run.Store.Clips[clip].Frames,
                encoder.LayerCount,
                encoder.Width
            )),
        ]);
        var labels = model.Info.Labels.ToList();
        int[] truth = [.. clips.Select(clip => labels.IndexOf(run.Store.Clips[clip].Label!))];
        var metrics = Classification.Compute(truth, probabilities, labels);
        return new(clips.Count, metrics.LogLoss, metrics.Accuracy, metrics.Uar);
    }

    private static string HashFiles(string path) =>
        string.Join(
            '\n',
            Directory
                .GetFiles(path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file =>
                    file + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))
                )
        );

    private TrainingRun Train(int folds = 0, string data = "features", int epochs = Epochs)
    {
        var run = TrainingRun.Start(
            new()
            {
                DataFolders = [folder.PathOf(data)],
                WorkFolder = folder.PathOf("work"),
                Experiment = new()
                {
                    Folds = folds,
                    Training = new()
                    {
                        Epochs = epochs,
                        BatchSize = 8,
                        Threads = 1,
                    },
                },
            },
            RunProgram.Current
        );
        run.Train(progress: null, CancellationToken.None);
        return run;
    }
}
