using System.Text.Json.Nodes;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Runs;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Evaluation;

/// <summary>How clips become figures: classes, splits, training.</summary>
/// <param name="Training">The recipe; its seed is that of the splits too.</param>
/// <param name="Labels">Which classes the labels become.</param>
/// <param name="Folds">0: three sides; otherwise cross-validation.</param>
/// <param name="RandomSplit">Deals clips and not speakers, for comparison.</param>
/// <param name="MaxBad">The share of clips that may be bad.</param>
public sealed record ExperimentOptions(
    TrainingOptions Training,
    LabelRules Labels,
    int Folds = 0,
    bool RandomSplit = false,
    double MaxBad = 0.01
)
{
    /// <summary>The file of the model whose weights every fold begins with, which reports name; null: drawn ones.</summary>
    public string? InitialPath { get; init; }

    /// <summary>What that file holds, for training; whoever only judges needs it not.</summary>
    public TrainedModel? Initial { get; init; }

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var error in Training.Errors().Concat(Labels.Errors()))
            yield return error;
        if (Folds is not (0 or (>= 3 and <= 1000)))
            yield return $"--folds {Folds}: expected 0 (three sides) or 3 to 1000";
        if (MaxBad is not (>= 0 and <= 1))
            yield return $"--max_bad {MaxBad}: expected 0 (none) to 1 (all); the default is 0.01";
    }
}

/// <summary>Clips, classes and splits of a run: it trains each fold and judges each test side once.</summary>
public sealed class Experiment
{
    private readonly FeatureStore store;
    private readonly FeatureStoreFrameSource frames;
    private readonly ExperimentOptions options;
    private readonly string?[] labelOfClip;
    private readonly Lazy<IReadOnlyList<FeatureNormalization?>> speakerNormalizations; // read once for all folds

    /// <summary>Deals the clips to sides or folds, with their labels mapped.</summary>
    /// <exception cref="InvalidInputException">
    /// Too many clips are bad, the rules leave no classes, the clips cannot be split, they are to be normalised by speaker and name none, or the initial weights do not fit.
    /// </exception>
    public Experiment(FeatureStore store, ExperimentOptions options)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        RequireValid(store, options.MaxBad);
        (this.store, this.options) = (store, options);
        frames = new FeatureStoreFrameSource(store);
        labelOfClip = LabelsOf(store, options.Labels);
        Labels = [.. labelOfClip.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (Labels.Count < 2)
            throw new InvalidInputException(
                $"{Labels.Count} classes among {store.Clips.Count} clips ({string.Join(", ", Labels)}): at least 2 are needed; labels are the folders' names, or a manifest's column"
            );
        if (options.Initial is { } initial)
            InitialWeights.Network(initial.Model, store.Description.Encoder, Labels, options.Training.Model); // refuses what does not fit
        SplitClip[] clips =
        [
            .. store.Clips.Select(
                (clip, i) =>
                    new SplitClip(
                        $"{clip.Path}|{clip.StartSeconds}|{clip.EndSeconds}",
                        labelOfClip[i],
                        clip.Speaker,
                        clip.Split
                    )
            ),
        ];
        Func<uint, ulong, uint> below = new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Split).Below;
        Splits =
            options.Folds > 0
                ? SpeakerIndependentSplitter.Folds(clips, options.Folds, options.RandomSplit, below)
                : [SpeakerIndependentSplitter.TrainValidationTest(clips, options.RandomSplit, below)];
        speakerNormalizations = new(() => SpeakerNormalizations(store, frames));
        if (options.Training.Normalize != "speaker")
            return;
        Adaptation = SpeakerNormalizationReport.Create(
            store.Clips,
            Enumerable.Range(0, clips.Length).Where(clip => Splits[0].Subsets[clip] is not null)
        );
        if (!Adaptation.IsTransductive)
            throw new InvalidInputException(
                $"--normalize speaker: {Adaptation.Description} Name the speakers in a manifest's column and extract again, or train with --normalize corpus"
            );
    }

    /// <summary>The classes, sorted.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>One a fold; a single one without folds.</summary>
    public IReadOnlyList<DatasetSplit> Splits { get; }

    /// <summary>The folds' numbers from 1, or null alone without folds.</summary>
    public IEnumerable<int?> FoldNumbers =>
        options.Folds > 0 ? Enumerable.Range(1, options.Folds).Select(fold => (int?)fold) : [null];

    /// <summary>How the test sides came about, for reports.</summary>
    public EvaluationProtocol Protocol =>
        new(
            Splits[0].Method,
            Splits[0].Description + Beginning,
            Splits.All(split => split.SpeakersDisjoint),
            store.Synthetic
        );

    /// <summary>Whose figures the clips of all sides are normalised by; null without <c>--normalize speaker</c>.</summary>
    public SpeakerNormalizationReport? Adaptation { get; }

    /// <summary>Trains one fold, or goes on with it.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public TrainingOutcome Train(
        int? fold,
        RunDirectory run,
        JsonObject configuration,
        string version,
        TimeProvider clock,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var split = Splits[(fold ?? 1) - 1];
        var job = new TrainingJob(
            frames,
            Clips(split, Subset.Train),
            Clips(split, Subset.Validation),
            Labels,
            store.Description.Encoder,
            options.Training,
            run.Models(fold),
            store.Synthetic,
            configuration,
            version
        )
        {
            SpeakerNormalizations = Adaptation is null ? null : speakerNormalizations.Value,
            Initial = options.Initial,
            Started = run.Started,
            FirstCheckpointVersion = Checkpoint.FirstVersion(run.Checkpoints),
        };
        using var trainer = new Trainer(job, clock);
        return trainer.Run(progress, cancellationToken);
    }

    /// <summary>A run's training options with the defaults of the encoder that made its frames.</summary>
    public TrainingOptions ResolveOptions(RunDirectory run) =>
        options.Training.For(store.Description.Encoder, Checkpoint.FirstVersion(run.Checkpoints));

    /// <summary>Judges the test sides of the folds that are trained, each by its own best model.</summary>
    /// <exception cref="InvalidInputException">No fold is trained.</exception>
    public EvaluationResult Evaluate(RunDirectory run, CancellationToken cancellationToken)
    {
        var trained = FoldNumbers
            .Where(fold => File.Exists(Path.Combine(run.Models(fold), "best_attn_crnn_model" + ModelFile.Extension)))
            .ToArray();
        if (trained.Length == 0)
            throw new InvalidInputException($"{run.Name}: no model to judge; go on with: train --resume {run.Name}");
        var (sets, mixes, evaluated) = (
            new List<IReadOnlyList<ClipPrediction>>(),
            new List<LayerWeights?>(),
            new List<int>()
        );
        foreach (var fold in trained)
        {
            using var model = Ensemble.Load(
                RunDirectory.ModelFolder(run.WorkFolder, run.Models(fold)),
                options.Training.Threads,
                options.Training.ExactConvolution
            );
            var test = Splits[(fold ?? 1) - 1].IndicesOf(Subset.Test);
            if (test.Count == 0)
                throw new InvalidInputException(
                    "the split has no test side to judge: give the manifest one, or leave its split column out"
                );
            sets.Add(
                Evaluate(
                    store,
                    labelOfClip,
                    test,
                    model,
                    model.UsesSpeakerNormalization ? speakerNormalizations.Value : null,
                    fold,
                    cancellationToken
                )
            );
            mixes.Add(model.LayerWeights);
            evaluated.AddRange(test);
        }
        var protocol = Protocol with
        {
            SpeakerNormalization = Adaptation is null
                ? null
                : SpeakerNormalizationReport.Create(store.Clips, evaluated),
        };
        if (trained.Length < Splits.Count)
            protocol = protocol with
            {
                Description =
                    $"{protocol.Description} Only {trained.Length} of {Splits.Count} folds are trained so far.",
            };
        IReadOnlyList<ClipPrediction> pooled =
            options.Folds == 0
                ? sets[0]
                : CrossValidation.Pool(sets, [.. evaluated.Order().Select(KeyOf)], Splits[0].SpeakersDisjoint);
        return EvaluationResult.Compute(
            Labels,
            pooled,
            protocol,
            new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap).Below,
            LayerWeights.Compute(mixes)
        );
    }

    /// <summary>Judges a model on all labelled clips of a store.</summary>
    /// <exception cref="InvalidInputException">No clip has a label, or the frames are not the model's.</exception>
    public static EvaluationResult EvaluateAll(
        FeatureStore store,
        Ensemble model,
        ExperimentOptions options,
        CancellationToken cancellationToken
    )
    {
        RequireValid(store, options.MaxBad);
        if (model.Mismatch(store.Description.Encoder) is { } mismatch)
            throw new InvalidInputException(mismatch);
        var labels = LabelsOf(store, options.Labels);
        int[] clips = [.. Enumerable.Range(0, store.Clips.Count).Where(i => labels[i] is not null)];
        var protocol = new EvaluationProtocol(
            "given",
            "The clips were named by the user. Whether the model has heard their speakers in training is not known here: if it has, the figures flatter.",
            SpeakersDisjoint: false,
            store.Synthetic,
            model.UsesSpeakerNormalization ? SpeakerNormalizationReport.Create(store.Clips, clips) : null
        );
        var speakerNormalizations = model.UsesSpeakerNormalization
            ? SpeakerNormalizations(store, new FeatureStoreFrameSource(store))
            : null;
        return EvaluationResult.Compute(
            model.Model.Labels,
            Evaluate(store, labels, clips, model, speakerNormalizations, null, cancellationToken),
            protocol,
            new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap).Below,
            model.LayerWeights
        );
    }

    private string Beginning =>
        options.InitialPath is { } path
            ? $" Training began with another model's weights ({Path.GetFileName(path)}): if that model has heard the speakers judged here, the figures flatter."
            : "";

    private static List<ClipPrediction> Evaluate(
        FeatureStore store,
        string?[] labels,
        IReadOnlyList<int> clips,
        Ensemble model,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations,
        int? fold,
        CancellationToken cancellationToken
    )
    {
        var predictions = new List<ClipPrediction>();
        var encoder = store.Description.Encoder;
        foreach (var clip in clips.Select(clip => store.Clips[clip]))
            if (model.LengthError(clip.Frames) is { } why)
                throw new InvalidInputException($"{clip.Path}: {why}");
        var together = Math.Max(1, 64 / encoder.LayerCount); // clips, which with all layers are large
        foreach (var part in clips.Chunk(together))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var matrices = part.Select(clip =>
                {
                    var values = new float[store.Clips[clip].Frames * encoder.FrameWidth];
                    store.Read(clip, values);
                    return new FrameMatrix(values, store.Clips[clip].Frames, encoder.LayerCount, encoder.Width);
                })
                .ToArray();
            var probabilities = model.Predict(
                matrices,
                speakerNormalizations is null ? null : [.. part.Select(clip => speakerNormalizations[clip])]
            );
            for (var i = 0; i < part.Length; i++)
            {
                var clip = store.Clips[part[i]];
                var predicted = model.Model.Labels[Metrics.Classification.MostProbable(probabilities[i])];
                predictions.Add(
                    new(
                        clip.Path,
                        clip.Speaker,
                        labels[part[i]]!,
                        predicted,
                        probabilities[i],
                        fold,
                        clip.StartSeconds,
                        clip.EndSeconds
                    )
                );
            }
        }
        return predictions;
    }

    // By all clips that are there: those without a label, or of a class that is left out, tell as much about a voice.
    private static IReadOnlyList<FeatureNormalization?> SpeakerNormalizations(
        FeatureStore store,
        FeatureStoreFrameSource frames
    ) => SpeakerStatistics.ComputeAll(frames, [.. store.Clips.Select(clip => clip.Speaker)]);

    private static string?[] LabelsOf(FeatureStore store, LabelRules rules)
    {
        var wrong = rules.Check(store.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (wrong.Count > 0)
            throw new InvalidInputException(string.Join("; ", wrong));
        return [.. store.Clips.Select(clip => clip.Label is { } label ? rules.Apply(label) : null)];
    }

    private static void RequireValid(FeatureStore store, double maxBad)
    {
        var all = store.Clips.Count + store.InvalidClips.Count;
        if (store.InvalidClips.Count > maxBad * all)
            throw new InvalidInputException(
                $"{store.InvalidClips.Count} of {all} clips are bad, more than --max_bad {maxBad:0.####} allows; the first: {store.InvalidClips[0].Path}: {store.InvalidClips[0].Message}"
            );
    }

    private ClipKey KeyOf(int clip) =>
        new(store.Clips[clip].Path, store.Clips[clip].StartSeconds, store.Clips[clip].EndSeconds);

    private TrainingClip[] Clips(DatasetSplit split, Subset subset)
    {
        var index = Labels
            .Select((label, i) => (label, i))
            .ToDictionary(valueTuple => valueTuple.label, valueTuple => valueTuple.i);
        return [.. split.IndicesOf(subset).Select(clip => new TrainingClip(clip, index[labelOfClip[clip]!]))];
    }
}
