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
    private readonly OutputLabelOptions labels;
    private readonly Option<double?> window;
    private readonly Option<double?> hop;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exactConvolution;

    public PredictCommand()
        : base("predict", "Predict label and probabilities of recordings or of .npz files of frames.")
    {
        inputs = AddArguments(
            "RUN|MODEL FILE…|DIR|CSV",
            "Run name or folder, or model file; then recordings, folders, manifests (.csv), or .npz files of frames."
        );
        workdir = AddOption<string?>("--workdir", "Folder that holds checkpoints/.", ".");
        encoder = AddOption<string?>(
            "--encoder",
            "Folder of the model's encoder, if it has moved since training; "
                + "or the encoder, for a model without encoder metadata.",
            null
        );
        layers = AddOption<string?>(
            "--layers",
            "Layers of --encoder, as for extract, for a model without encoder metadata.",
            null
        );
        labels = AddOutputLabelOption();
        speaker = AddOption<string?>(
            "--speaker",
            "Speaker of all inputs for which no manifest has a speaker, for models trained with --normalize speaker; "
                + $"requires {SpeakerStatistics.MinClips} recordings or windows and "
                + $"{SpeakerStatistics.MinFrames} frames, "
                + "otherwise the training corpus' statistics are used.",
            null
        );
        window = AddOption<double?>(
            "--window",
            "Predict windows of this length instead of whole recordings, in seconds, from 0.1 to 3600.",
            null
        );
        hop = AddOption<double?>(
            "--hop",
            "Distance from one window to the next, in seconds, from 0.01 to 3600; by default the length of --window.",
            null
        );
        json = AddOption("--json", "Print one JSON object per line.", false);
        threads = AddThreadsOption("Number of threads; results do not depend on it.");
        exactConvolution = AddExactConvolutionOption();
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = parseResult.GetValue(inputs)!;
        if (arguments.Length < 2)
            throw new UsageException("expected a run or model, then recordings or folders");
        var (windowSeconds, hopSeconds) = ReadWindow(parseResult);
        using var model = Ensemble.Load(
            RunDirectory.FindModels(Path.GetFullPath(parseResult.GetValue(workdir)!), arguments[0]),
            parseResult.GetValue(threads),
            parseResult.GetValue(exactConvolution),
            labels.Read(parseResult)
        );
        foreach (var notice in model.Notices)
            console.WriteMessage(notice);
        if (model.Info.Synthetic)
            console.WriteMessage("this model was trained on synthetic speech: it is not valid for real speech");
        RequireValidSpeaker(parseResult.GetValue(speaker), model);
        var clips = PredictClip.FromArguments(arguments[1..], parseResult.GetValue(speaker));
        using var modelEncoder = new ModelEncoder(
            model.Info.Encoder,
            parseResult.GetValue(encoder),
            parseResult.GetValue(layers),
            parseResult.GetValue(threads),
            console
        );
        var speakerPass = model.UsesSpeakerNormalization
            ? new SpeakerStatisticsPass(
                model.Info.Encoder.FrameWidth,
                clips,
                clip => EncodeWindows(clip, model, modelEncoder, windowSeconds, windowSeconds, cancellationToken),
                useCache: hopSeconds == windowSeconds
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
                    ?? EncodeWindows(clip, model, modelEncoder, windowSeconds, hopSeconds, cancellationToken);
                foreach (var input in windows)
                {
                    var probabilities = model.Predict([input.Frames], [speakerPass?.GetNormalization(clip)])[0];
                    PrintPrediction(console, parseResult.GetValue(json), model, clip.Path, input, probabilities);
                }
            }
            catch (InvalidInputException exception)
            {
                failures++;
                console.WriteError(exception.IsIn(clip.Path) ? exception.Message : $"{clip.Path}: {exception.Message}");
            }
        }
        return failures == 0 ? ExitCode.Success : ExitCode.InvalidInput;
    }

    // Both null to predict whole recordings.
    private (double? Seconds, double? HopSeconds) ReadWindow(ParseResult parseResult)
    {
        var seconds = parseResult.GetValue(window);
        var hopSeconds = parseResult.GetValue(hop) ?? seconds;
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
                ? "--speaker: the name is empty"
                : "--speaker requires a model of train --normalize speaker; this one was trained with "
                    + $"--normalize {model.Info.Normalization.Kind}: omit the option"
        );
    }

    private static IEnumerable<PredictionWindow> EncodeWindows(
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
        var clipStart = clip.StartSeconds ?? 0;
        var seconds = (double)samples.Length / Waveform.SampleRateHz;
        if (window is null)
        {
            yield return new(clipStart, clipStart + seconds, encoder.Encode(path, samples, cancellationToken));
            yield break;
        }
        for (var start = 0.0; ; start += hop!.Value)
        {
            var end = Math.Min(seconds, start + window.Value);
            var firstSample = (int)Math.Round(start * Waveform.SampleRateHz);
            var endSample = (int)Math.Round(end * Waveform.SampleRateHz);
            // A remainder below 0.1 s may be too short for four frames; the previous window contains most of it.
            if (start > 0 && endSample - firstSample < Waveform.SampleRateHz / 10)
                yield break;
            yield return new(
                clipStart + start,
                clipStart + end,
                encoder.Encode(path, samples[firstSample..endSample], cancellationToken)
            );
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
                    + $"{(window is null ? "a segment" : "--window")} cannot be extracted from it"
            );
        var encoder = model.Info.Encoder;
        var features = FeatureNpz.Read(clip.Path);
        if (features.Width != encoder.FrameWidth)
            throw new InvalidFileException(
                clip.Path,
                null,
                $"feature dimension {features.Width}",
                $"{encoder.FrameWidth}, as the model requires ({encoder})",
                "extract the clip with the model's encoder and layers"
            );
        return new(features.Values, features.Frames, encoder.LayerCount, encoder.Width);
    }

    private static void PrintPrediction(
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
            console.WriteResult(
                PredictionJson.Format(path, labels, probabilities, best, window.StartSeconds, window.EndSeconds)
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
        console.WriteResult($"{path}{time}  {labels[best]}  {string.Join(' ', ranking)}");
    }
}
