using System.CommandLine;
using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Features.Npz;
using AttnCrnn.Runs;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Cli.Commands;

/// <summary>Label and probabilities of recordings; a timeline for long ones.</summary>
internal sealed class PredictCommand : CliCommand
{
    private readonly Argument<string[]> what;
    private readonly Option<string?> workdir,
        encoder,
        layers,
        speaker;
    private readonly OutputFlags labels;
    private readonly Option<double?> window,
        hop;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exact;

    public PredictCommand()
        : base("predict", "Label and probabilities of recordings, or of an .npz of frames.")
    {
        what = Arguments(
            "RUN|MODEL FILE…|DIR|CSV",
            "a run's name or folder, or a model file; then recordings, folders of them, manifests of them (.csv), or .npz of frames"
        );
        workdir = Flag<string?>("--workdir", "where checkpoints/ is", ".");
        encoder = Flag<string?>(
            "--encoder",
            "DIR: the model's encoder, where it is not where it was in training; or what made a model's frames that does not say it",
            null
        );
        layers = Flag<string?>(
            "--layers",
            "of that encoder, as extract takes them, for a model that does not say its encoder",
            null
        );
        labels = OutputFlags();
        speaker = Flag<string?>(
            "--speaker",
            $"NAME: all recordings are this speaker's (but for those of which a manifest's column says whose they are), and a model of --normalize speaker goes by the statistics of all of them, from {SpeakerStatistics.MinClips} recordings or windows and {SpeakerStatistics.MinFrames} frames on; otherwise by its corpus'",
            null
        );
        window = Flag<double?>("--window", "S: a prediction for every so many seconds", null);
        hop = Flag<double?>("--hop", "S: seconds from one window to the next; by default the window", null);
        json = Flag("--json", "one JSON object a line", false);
        threads = Threads("to compute with");
        exact = Flag(
            "--exact_convolution",
            "direct products instead of Winograd's: slower, and a few bits nearer to Keras",
            false
        );
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = given.GetValue(what)!;
        if (arguments.Length < 2)
            throw new UsageException("name a run or model, then recordings or folders of them");
        var (length, step) = (given.GetValue(window), given.GetValue(hop) ?? given.GetValue(window));
        if (length is not (null or (>= 0.1 and <= 3600)))
            throw new UsageException($"--window {length}: expected 0.1 to 3600 seconds");
        if (length is null && step is not null)
            throw new UsageException("--hop goes with --window");
        if (step is not (null or (>= 0.01 and <= 3600)))
            throw new UsageException($"--hop {step}: expected 0.01 to 3600 seconds");
        using var model = Ensemble.Load(
            RunDirectory.ModelFolder(Path.GetFullPath(given.GetValue(workdir)!), arguments[0]),
            given.GetValue(threads),
            given.GetValue(exact),
            labels.Read(given)
        );
        foreach (var notice in model.Notices)
            console.Info(notice);
        if (model.Model.Synthetic)
            console.Info("this model learned from synthetic recordings: it knows nothing about people");
        if (given.GetValue(speaker) is { } name && (!model.UsesSpeakerNormalization || name.Length == 0))
            throw new UsageException(
                name.Length == 0
                    ? "--speaker needs a name"
                    : $"--speaker goes with a model of train --normalize speaker; this one learned with --normalize {model.Model.Normalization.Kind}: leave it out"
            );
        var clips = PredictClip.Named(arguments[1..], given.GetValue(speaker));
        using var frames = new ModelEncoder(
            model.Model.Encoder,
            given.GetValue(encoder),
            given.GetValue(layers),
            given.GetValue(threads),
            console
        );
        var own = model.UsesSpeakerNormalization
            ? new SpeakerStatisticsPass(
                model.Model.Encoder.FrameWidth,
                clips,
                clip => Windows(clip, model, frames, length, length, cancellationToken),
                keeps: step == length
            )
            : null;
        own?.Report(console, clips);
        var refused = 0;
        foreach (var clip in clips)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var chunk in own?.Take(clip) ?? Windows(clip, model, frames, length, step, cancellationToken))
                    Show(
                        console,
                        given.GetValue(json),
                        model,
                        clip.Path,
                        chunk,
                        model.Predict([chunk.Frames], [own?.Create(clip)])[0]
                    );
            }
            catch (InvalidInputException fault)
            {
                refused++;
                console.Error(
                    fault.Message.Contains(clip.Path, StringComparison.Ordinal)
                        ? fault.Message
                        : $"{clip.Path}: {fault.Message}"
                );
            }
        }
        return refused == 0 ? ExitCode.Done : ExitCode.Refused;
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
            if (window is not null || clip is not { StartSeconds: null, EndSeconds: null })
                throw new InvalidInputException(
                    $"{path}: frames in an .npz have no known rate, so {(window is null ? "a stretch" : "--window")} cannot cut them"
                );
            var read = FeatureNpz.Read(path);
            if (read.Width != model.Model.Encoder.FrameWidth)
                throw new InvalidFileException(
                    path,
                    null,
                    $"frames {read.Width} wide",
                    $"{model.Model.Encoder.FrameWidth}, which the model takes ({model.Model.Encoder})",
                    "extract the clip with the model's encoder and layers"
                );
            yield return new(
                null,
                null,
                new(read.Values, read.Frames, model.Model.Encoder.LayerCount, model.Model.Encoder.Width)
            );
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
            var (first, last) = (
                (int)Math.Round(start * Waveform.SampleRateHz),
                (int)Math.Round(end * Waveform.SampleRateHz)
            );
            // What is left at the end may be too short for four frames; the window before has heard most of it.
            if (start > 0 && last - first < Waveform.SampleRateHz / 10)
                yield break;
            yield return new(begin + start, begin + end, encoder.Encode(path, samples[first..last], cancellationToken));
            if (end >= seconds)
                yield break;
        }
    }

    private static void Show(
        ConsoleOutput console,
        bool asJson,
        Ensemble model,
        string path,
        PredictionWindow chunk,
        double[] probabilities
    )
    {
        var labels = model.Model.Labels;
        var best = Metrics.Classification.MostProbable(probabilities);
        if (asJson)
        {
            console.Result(
                PredictionJson.Text(path, labels, probabilities, best, chunk.StartSeconds, chunk.EndSeconds)
            );
            return;
        }
        var order = Enumerable.Range(0, labels.Count).OrderByDescending(k => probabilities[k]);
        var time = chunk.StartSeconds is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"  {chunk.StartSeconds:0.00}-{chunk.EndSeconds:0.00} s");
        console.Result(
            $"{path}{time}  {labels[best]}  {string.Join(' ', order.Select(k => string.Create(CultureInfo.InvariantCulture, $"{labels[k]}={probabilities[k]:0.0000}")))}"
        );
    }
}
