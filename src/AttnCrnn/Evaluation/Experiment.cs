using System.Text.Json.Nodes;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Kernels;
using AttnCrnn.Training;

namespace AttnCrnn.Evaluation;

/// <summary>How clips become figures: classes, splits, training.</summary>
/// <param name="Training">The recipe; its seed is that of the splits too.</param>
/// <param name="Labels">Which classes the labels become.</param>
/// <param name="Folds">0: three sides; otherwise cross-validation.</param>
/// <param name="RandomSplit">Deals clips and not speakers, for comparison.</param>
/// <param name="MaxBad">The share of clips that may be bad.</param>
public sealed record ExperimentOptions(TrainingOptions Training, LabelRules Labels, int Folds = 0, bool RandomSplit = false, double MaxBad = 0.01)
{
    /// <summary>The file of the model whose weights every fold begins with, which reports name; null: drawn ones.</summary>
    public string? InitialPath { get; init; }

    /// <summary>What that file holds, for training; whoever only judges needs it not.</summary>
    public ModelContent? Initial { get; init; }

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var error in Training.Errors().Concat(Labels.Errors())) yield return error;
        if (Folds is not (0 or (>= 3 and <= 1000))) yield return $"--folds {Folds}: expected 0 (three sides) or 3 to 1000";
        if (MaxBad is not (>= 0 and <= 1)) yield return $"--max_bad {MaxBad}: expected 0 (none) to 1 (all); the default is 0.01";
    }
}

/// <summary>Clips, classes and splits of a run: it trains each fold and judges each test side once.</summary>
public sealed class Experiment
{
    private readonly FeatureStore store;
    private readonly StoreFrames frames;
    private readonly ExperimentOptions options;
    private readonly string?[] labelOf;
    private readonly Lazy<IReadOnlyList<Normalisation?>> own; // read once for all folds

    /// <summary>Deals the clips to sides or folds, with their labels mapped.</summary>
    /// <exception cref="RefusedException">
    /// Too many clips are bad, the rules leave no classes, the clips cannot be split, they are to be normalised by speaker and name none, or the initial weights do not fit.
    /// </exception>
    public Experiment(FeatureStore store, ExperimentOptions options)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0) throw new RefusedException(string.Join("; ", errors));
        RequireGood(store, options.MaxBad);
        (this.store, this.options) = (store, options);
        frames = new StoreFrames(store);
        labelOf = LabelsOf(store, options.Labels);
        Labels = [.. labelOf.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (Labels.Count < 2) throw new RefusedException($"{Labels.Count} classes among {store.Clips.Count} clips ({string.Join(", ", Labels)}): at least 2 are needed; labels are the folders' names, or a manifest's column");
        if (options.Initial is { } initial) InitialWeights.Network(initial.Model, store.Description.Encoder, Labels, options.Training.Model); // refuses what does not fit
        SplitClip[] clips = [.. store.Clips.Select((clip, i) => new SplitClip($"{clip.Path}|{clip.StartSeconds}|{clip.EndSeconds}", labelOf[i], clip.Speaker, clip.Split))];
        Func<uint, ulong, uint> below = new Draw(options.Training.Seed).For(Purpose.Split).Below;
        Splits = options.Folds > 0 ? SpeakerSplit.Folds(clips, options.Folds, options.RandomSplit, below) : [SpeakerSplit.ThreeSides(clips, options.RandomSplit, below)];
        own = new(() => OwnNormalisations(store, frames));
        if (options.Training.Normalize != "speaker") return;
        Adaptation = Adaptation.Of(store.Clips, Enumerable.Range(0, clips.Length).Where(clip => Splits[0].Sides[clip] is not null));
        if (!Adaptation.IsTransductive)
            throw new RefusedException($"--normalize speaker: {Adaptation.Description} Name the speakers in a manifest's column and extract again, or train with --normalize corpus");
    }

    /// <summary>The classes, sorted.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>One a fold; a single one without folds.</summary>
    public IReadOnlyList<Split> Splits { get; }

    /// <summary>The folds' numbers from 1, or null alone without folds.</summary>
    public IEnumerable<int?> FoldNumbers => options.Folds > 0 ? Enumerable.Range(1, options.Folds).Select(fold => (int?)fold) : [null];

    /// <summary>How the test sides came about, for reports.</summary>
    public Protocol Protocol => new(Splits[0].Method, Splits[0].Description + Beginning, Splits.All(split => split.SpeakersDisjoint), store.Synthetic);

    /// <summary>Whose figures the clips of all sides are normalised by; null without <c>--normalize speaker</c>.</summary>
    public Adaptation? Adaptation { get; }

    /// <summary>Trains one fold, or goes on with it.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public TrainingOutcome Train(int? fold, RunFolders run, JsonObject configuration, string version, TimeProvider clock, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var split = Splits[(fold ?? 1) - 1];
        var job = new TrainingJob(
            frames, Clips(split, Side.Train), Clips(split, Side.Validation), Labels, store.Description.Encoder, options.Training, run.Models(fold), store.Synthetic, configuration, version)
        {
            OwnNormalisations = Adaptation is null ? null : own.Value, Initial = options.Initial, Started = run.Started,
        };
        using var trainer = new Trainer(job, clock);
        return trainer.Run(progress, cancellationToken);
    }

    /// <summary>Judges the test sides of the folds that are trained, each by its own best model.</summary>
    /// <exception cref="RefusedException">No fold is trained.</exception>
    public EvaluationResult Judge(RunFolders run, CancellationToken cancellationToken)
    {
        var trained = FoldNumbers.Where(fold => File.Exists(Path.Combine(run.Models(fold), "best_attn_crnn_model" + ModelFile.Extension))).ToArray();
        if (trained.Length == 0) throw new RefusedException($"{run.Name}: no model to judge; go on with: train --resume {run.Name}");
        var (sets, mixes, judged) = (new List<IReadOnlyList<ClipPrediction>>(), new List<LayerWeights?>(), new List<int>());
        foreach (var fold in trained)
        {
            using var model = Ensemble.Load(RunFolders.ModelsOf(run.WorkFolder, run.Models(fold)), options.Training.Threads, options.Training.ExactConvolution);
            var test = Splits[(fold ?? 1) - 1].On(Side.Test);
            if (test.Count == 0) throw new RefusedException("the split has no test side to judge: give the manifest one, or leave its split column out");
            sets.Add(Judge(store, labelOf, test, model, model.IsBySpeaker ? own.Value : null, fold, cancellationToken));
            mixes.Add(model.LayerWeights);
            judged.AddRange(test);
        }
        var protocol = Protocol with { Adaptation = Adaptation is null ? null : Adaptation.Of(store.Clips, judged) };
        if (trained.Length < Splits.Count) protocol = protocol with { Description = $"{protocol.Description} Only {trained.Length} of {Splits.Count} folds are trained so far." };
        IReadOnlyList<ClipPrediction> pooled = options.Folds == 0
            ? sets[0]
            : CrossValidation.Pool(sets, [.. judged.Order().Select(KeyOf)], Splits[0].SpeakersDisjoint);
        return EvaluationResult.Of(Labels, pooled, protocol, new Draw(options.Training.Seed).For(Purpose.Bootstrap).Below, LayerWeights.Of(mixes));
    }

    /// <summary>Judges a model on all labelled clips of a store.</summary>
    /// <exception cref="RefusedException">No clip has a label, or the frames are not the model's.</exception>
    public static EvaluationResult JudgeAll(FeatureStore store, Ensemble model, ExperimentOptions options, CancellationToken cancellationToken)
    {
        RequireGood(store, options.MaxBad);
        if (model.Mismatch(store.Description.Encoder) is { } mismatch) throw new RefusedException(mismatch);
        var labels = LabelsOf(store, options.Labels);
        int[] clips = [.. Enumerable.Range(0, store.Clips.Count).Where(i => labels[i] is not null)];
        var protocol = new Protocol(
            "given", "The clips were named by the user. Whether the model has heard their speakers in training is not known here: if it has, the figures flatter.",
            SpeakersDisjoint: false, store.Synthetic, model.IsBySpeaker ? Adaptation.Of(store.Clips, clips) : null);
        var own = model.IsBySpeaker ? OwnNormalisations(store, new StoreFrames(store)) : null;
        return EvaluationResult.Of(
            model.Model.Labels, Judge(store, labels, clips, model, own, null, cancellationToken), protocol, new Draw(options.Training.Seed).For(Purpose.Bootstrap).Below, model.LayerWeights);
    }

    private string Beginning => options.InitialPath is { } path
        ? $" Training began with another model's weights ({Path.GetFileName(path)}): if that model has heard the speakers judged here, the figures flatter."
        : "";

    private static List<ClipPrediction> Judge(
        FeatureStore store, string?[] labels, IReadOnlyList<int> clips, Ensemble model, IReadOnlyList<Normalisation?>? own, int? fold, CancellationToken cancellationToken)
    {
        var predictions = new List<ClipPrediction>();
        var encoder = store.Description.Encoder;
        foreach (var clip in clips.Select(clip => store.Clips[clip]))
            if (model.UnfitLength(clip.Frames) is { } why) throw new RefusedException($"{clip.Path}: {why}");
        var together = Math.Max(1, 64 / encoder.LayerCount); // clips, which with all layers are large
        foreach (var part in clips.Chunk(together))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var matrices = part.Select(clip =>
            {
                var values = new float[store.Clips[clip].Frames * encoder.FrameWidth];
                store.Read(clip, values);
                return new FrameMatrix(values, store.Clips[clip].Frames, encoder.LayerCount, encoder.Width);
            }).ToArray();
            var shares = model.Predict(matrices, own is null ? null : [.. part.Select(clip => own[clip])]);
            for (var i = 0; i < part.Length; i++)
            {
                var clip = store.Clips[part[i]];
                var predicted = model.Model.Labels[Metrics.Classification.MostProbable(shares[i])];
                predictions.Add(new(clip.Path, clip.Speaker, labels[part[i]]!, predicted, shares[i], fold, clip.StartSeconds, clip.EndSeconds));
            }
        }
        return predictions;
    }

    // By all clips that are there: those without a label, or of a class that is left out, tell as much about a voice.
    private static IReadOnlyList<Normalisation?> OwnNormalisations(FeatureStore store, StoreFrames frames) => SpeakerStatistics.OfEach(frames, [.. store.Clips.Select(clip => clip.Speaker)]);

    private static string?[] LabelsOf(FeatureStore store, LabelRules rules)
    {
        var wrong = rules.Check(store.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (wrong.Count > 0) throw new RefusedException(string.Join("; ", wrong));
        return [.. store.Clips.Select(clip => clip.Label is { } label ? rules.Apply(label) : null)];
    }

    private static void RequireGood(FeatureStore store, double maxBad)
    {
        var all = store.Clips.Count + store.Bad.Count;
        if (store.Bad.Count > maxBad * all)
            throw new RefusedException($"{store.Bad.Count} of {all} clips are bad, more than --max_bad {maxBad:0.####} allows; the first: {store.Bad[0].Path}: {store.Bad[0].What}");
    }

    private ClipKey KeyOf(int clip) => new(store.Clips[clip].Path, store.Clips[clip].StartSeconds, store.Clips[clip].EndSeconds);

    private TrainingClip[] Clips(Split split, Side side)
    {
        var index = Labels.Select((label, i) => (label, i)).ToDictionary(of => of.label, of => of.i);
        return [.. split.On(side).Select(clip => new TrainingClip(clip, index[labelOf[clip]!]))];
    }
}
