using System.CommandLine;
using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Features.Npz;
using AttnCrnn.Runs;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>Predicts label and probabilities of recordings, and a timeline for long ones.</summary>
internal sealed class PredictCommand : CliCommand
{
    private readonly Argument<string[]> inputs;
    private readonly Option<string?> workdir;
    private readonly Option<string?> encoder;
    private readonly Option<string?> layers;
    private readonly Option<string?> speaker;
    private readonly OutputFlags labels;
    private readonly Option<double?> window;
    private readonly Option<double?> hop;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exact;

    public PredictCommand()
        : base("predict", "Predict label and probabilities of recordings or of .npz files of frames.")
    {
        inputs = Arguments(
            "RUN|MODEL FILE…|DIR|CSV",
            "Run name or folder, or model file; then recordings, folders, manifests (.csv), or .npz files of frames."
        );
        workdir = Flag<string?>("--workdir", "Folder that holds checkpoints/.", ".");
        encoder = Flag<string?>(
            "--encoder",
            "Folder of the model's encoder, if it has moved since training; "
                + "or the encoder, for a model without encoder metadata.",
            null
        );
        layers = Flag<string?>(
            "--layers",
            "Layers of --encoder, as for extract, for a model without encoder metadata.",
            null
        );
        labels = OutputFlags();
        speaker = Flag<string?>(
            "--speaker",
            "Speaker of all inputs for which a manifest names none, for models of --normalize speaker; "
                + $"needs {SpeakerStatistics.MinClips} recordings or windows and {SpeakerStatistics.MinFrames} frames, "
                + "otherwise the training corpus' statistics are used.",
            null
        );
        window = Flag<double?>(
            "--window",
            "Predict windows of this length instead of whole recordings, in seconds, from 0.1 to 3600.",
            null
        );
        hop = Flag<double?>(
            "--hop",
            "Distance from one window to the next, in seconds, from 0.01 to 3600; by default that of --window.",
            null
        );
        json = Flag("--json", "Print one JSON object per line.", false);
        threads = Threads("Number of threads; results do not depend on it.");
        exact = ExactConvolution();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = given.GetValue(inputs)!;
        if (arguments.Length < 2)
            throw new UsageException("give a run or model, then recordings or folders");
        var (length, step) = ReadWindow(given);
        using var model = Ensemble.Load(
            RunDirectory.FindModels(Path.GetFullPath(given.GetValue(workdir)!), arguments[0]),
            given.GetValue(threads),
            given.GetValue(exact),
            labels.Read(given)
        );
        foreach (var notice in model.Notices)
            console.Info(notice);
        if (model.Info.Synthetic)
            console.Info("this model was trained on synthetic speech: it is not valid for real speech");
        RequireValidSpeaker(given.GetValue(speaker), model);
        var clips = PredictClip.FromArguments(arguments[1..], given.GetValue(speaker));
        using var modelEncoder = new ModelEncoder(
            model.Info.Encoder,
            given.GetValue(encoder),
            given.GetValue(layers),
            given.GetValue(threads),
            console
        );
        var speakerPass = model.UsesSpeakerNormalization
            ? new SpeakerStatisticsPass(
                model.Info.Encoder.FrameWidth,
                clips,
                clip => Windows(clip, model, modelEncoder, length, length, cancellationToken),
                useCache: step == length
            )
            : null;
        speakerPass?.Report(console, clips);
        var failures = 0;
        foreach (var clip in clips)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var windows = speakerPass?.Take(clip)
                    ?? Windows(clip, model, modelEncoder, length, step, cancellationToken);
                foreach (var input in windows)
                {
                    var probabilities = model.Predict([input.Frames], [speakerPass?.NormalizationFor(clip)])[0];
                    Show(console, given.GetValue(json), model, clip.Path, input, probabilities);
                }
            }
            catch (InvalidInputException fault)
            {
                failures++;
                console.Error(fault.IsIn(clip.Path) ? fault.Message : $"{clip.Path}: {fault.Message}");
            }
        }
        return failures == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    // Both null to predict whole recordings.
    private (double? Seconds, double? HopSeconds) ReadWindow(ParseResult given)
    {
        var seconds = given.GetValue(window);
        var hopSeconds = given.GetValue(hop) ?? seconds;
        if (seconds is not (null or (>= 0.1 and <= 3600)))
            throw new UsageException($"--window {seconds}: expected 0.1 to 3600 seconds");
        if (seconds is null && hopSeconds is not null)
            throw new UsageException("--hop requires --window");
        if (hopSeconds is not (null or (>= 0.01 and <= 3600)))
            throw new UsageException($"--hop {hopSeconds}: expected 0.01 to 3600 seconds");
        return (seconds, hopSeconds);
    }

    private static void RequireValidSpeaker(string? name, Ensemble model)
    {
        if (name is null || (model.UsesSpeakerNormalization && name.Length > 0))
            return;
        throw new UsageException(
            name.Length == 0
                ? "--speaker needs a name"
                : "--speaker requires a model of train --normalize speaker; this one was trained with "
                    + $"--normalize {model.Info.Normalization.Kind}: leave the option out"
        );
    }

    private static IEnumerable<PredictionWindow> Windows(
        PredictClip clip,
        Ensemble model,
        ModelEncoder encoder,
        double? window,
        double? hop,
        CancellationToken cancellationToken
    )
    {
        var path = clip.Path;
        if (clip.IsFrames)
        {
            yield return new(null, null, ReadFrames(clip, model, window));
            yield break;
        }
        var samples = AudioReader.Read(path, clip.StartSeconds, clip.EndSeconds, cancellationToken).Samples;
        var begin = clip.StartSeconds ?? 0;
        var seconds = (double)samples.Length / Waveform.SampleRateHz;
        if (window is null)
        {
            yield return new(begin, begin + seconds, encoder.Encode(path, samples, cancellationToken));
            yield break;
        }
        for (var start = 0.0; ; start += hop!.Value)
        {
            var end = Math.Min(seconds, start + window.Value);
            var first = (int)Math.Round(start * Waveform.SampleRateHz);
            var last = (int)Math.Round(end * Waveform.SampleRateHz);
            // The remainder may be too short for four frames; the previous window contains most of it.
            if (start > 0 && last - first < Waveform.SampleRateHz / 10)
                yield break;
            yield return new(begin + start, begin + end, encoder.Encode(path, samples[first..last], cancellationToken));
            if (end >= seconds)
                yield break;
        }
    }

    private static FrameMatrix ReadFrames(PredictClip clip, Ensemble model, double? window)
    {
        if (window is not null || clip is not { StartSeconds: null, EndSeconds: null })
            throw new InvalidInputException(
                clip.Path,
                "the frame rate of an .npz is unknown, so "
                    + $"{(window is null ? "a segment" : "--window")} cannot be cut from it"
            );
        var encoder = model.Info.Encoder;
        var features = FeatureNpz.Read(clip.Path);
        if (features.Width != encoder.FrameWidth)
            throw new InvalidFileException(
                clip.Path,
                null,
                $"frames {features.Width} wide",
                $"{encoder.FrameWidth}, as the model requires ({encoder})",
                "extract the clip with the model's encoder and layers"
            );
        return new(features.Values, features.Frames, encoder.LayerCount, encoder.Width);
    }

    private static void Show(
        ConsoleOutput console,
        bool asJson,
        Ensemble model,
        string path,
        PredictionWindow window,
        double[] probabilities
    )
    {
        var labels = model.Info.Labels;
        var best = Metrics.Classification.FindMostProbable(probabilities);
        if (asJson)
        {
            console.Result(
                PredictionJson.Text(path, labels, probabilities, best, window.StartSeconds, window.EndSeconds)
            );
            return;
        }
        var ranking = Enumerable
            .Range(0, labels.Count)
            .OrderByDescending(k => probabilities[k])
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{labels[k]}={probabilities[k]:0.0000}"));
        var time = window.StartSeconds is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"  {window.StartSeconds:0.00}-{window.EndSeconds:0.00} s");
        console.Result($"{path}{time}  {labels[best]}  {string.Join(' ', ranking)}");
    }
}
