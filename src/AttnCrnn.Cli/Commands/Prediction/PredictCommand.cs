using AttnCrnn.Audio.Speech;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>Predicts label and probabilities of recordings, and a timeline for long ones.</summary>
internal sealed class PredictCommand : OptionCommand<PredictSettings>
{
    public PredictCommand()
        : base(
            "predict",
            "Predict label and probabilities of recordings or of .npz files of frames.",
            PredictSettings.Options,
            new(
                "MODEL FILE…|DIR|CSV",
                "Run name or folder, latest (the run fetched last), model file, or a published classifier: a "
                    + "checkpoint folder or OWNER/NAME of the hub; then recordings, - for one on standard input, "
                    + "folders, manifests (.csv, .tsv, .txt, .jsonl, .json), or .npz files of frames."
            )
        ) { }

    public override async Task<int> RunAsync(
        PredictSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments.Count < 2)
            throw new UsageException("expected a run or model, then recordings or folders");
        string[] inputs = [.. settings.Arguments.Skip(1)];
        RequireConsistent(settings, inputs);
        PredictionOutput.CheckPath(settings.Output);
        ExplanationOutput.CheckFolder(settings.ExplanationFolder);
        if (!settings.NoVad)
            _ = Task.Run(VoiceActivityDetector.Open, cancellationToken); // while the model is read
        using var predictor = await OpenAsync(settings, console, cancellationToken).ConfigureAwait(false);
        Report(predictor, console);
        RequireValidSpeaker(settings.Speaker, predictor);
        RequireProbabilities(settings, predictor);
        var recordings = await ReadInputsAsync(inputs, settings.Speaker, console, cancellationToken)
            .ConfigureAwait(false);
        var sources = recordings.Where(input => input.Content is null).Select(input => input.Path);
        var modelFiles = predictor.Classifier?.Files ?? predictor.ModelPaths;
        PredictionOutput.RequireNoSource(settings.Output, [.. modelFiles, .. inputs, .. sources]);
        var explanations = settings.ExplanationFolder is { } folder
            ? new ExplanationOutput(
                folder,
                predictor.Labels,
                hasParts: settings.Segments || settings.WindowSeconds is not null,
                [.. modelFiles, .. inputs, .. sources]
            )
            : null;
        var writer = new PredictionOutput(console, ChooseFormat(settings, predictor), settings.Output)
        {
            PartName = settings.Segments ? "segments of speech" : "windows",
            Explanations = explanations,
        };
        var windows = settings.WindowSeconds is { } length ? new WindowOptions(length, settings.HopSeconds) : null;
        var predictions = await RecordingSetPredictor
            .CreateAsync(predictor, recordings, windows, settings.Segments, cancellationToken)
            .ConfigureAwait(false);
        if (predictions.SpeakerStatistics is { } statistics)
            foreach (var message in SpeakerStatisticsText.Describe(statistics))
                console.WriteNotice(message);
        var failures = writer.Write(
            explanations is null
                ? predictions.Predict(cancellationToken)
                : predictions.PredictAndExplain(cancellationToken)
        );
        if (explanations is not null)
            console.WriteMessage(
                $"wrote {CountText.Format(explanations.Count, "plot")} to {settings.ExplanationFolder}"
            );
        return failures == 0 ? ExitCode.Success : ExitCode.InvalidInput;
    }

    private static void RequireConsistent(PredictSettings settings, string[] inputs)
    {
        if (settings.Json && settings.Csv)
            throw new UsageException("--json and --csv are two output formats: omit one");
        if (inputs.Count(argument => argument == StandardInput.Name) > 1)
            throw new UsageException($"{StandardInput.Name}: standard input can be read only once");
        if (settings.WindowSeconds is null && settings.HopSeconds is not null)
            throw new UsageException("--hop requires --window");
        if (settings.Segments && settings.WindowSeconds is not null)
            throw new UsageException("--segments and --window divide recordings in two ways: omit one");
        if (settings.Segments && settings.NoVad)
            throw new UsageException("--segments needs the stretches of speech: omit --no_vad");
    }

    private static async Task<EmotionPredictor> OpenAsync(
        PredictSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var options = new EmotionPredictorOptions
        {
            Channel = settings.Channel,
            Threads = settings.Threads,
            ExactConvolution = settings.ExactConvolution,
            Labels = settings.OutputLabels.Count == 0 ? null : settings.OutputLabels,
            Encoder = settings.Encoder,
            Layers = settings.Layers,
            Revision = settings.Revision,
            RawLabels = settings.RawLabels,
            DetectSpeech = !settings.NoVad,
            EncoderNotice = console.WriteNotice,
        };
        try
        {
            return await RunPredictor
                .OpenAsync(settings.WorkFolder, settings.Arguments[0], options, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EncoderOptionException error)
        {
            throw EncoderUsage.ToUsageException(error);
        }
    }

    private static void RequireProbabilities(PredictSettings settings, EmotionPredictor predictor)
    {
        if (predictor.Output != ClassifierOutput.Values)
            return;
        if (settings.Abstain > 0)
            throw new UsageException("--abstain: the model predicts values without probabilities; omit the option");
        if (settings.ExplanationFolder is not null)
            throw new UsageException("--explain: the model predicts values without probabilities; omit the option");
    }

    private static void Report(EmotionPredictor predictor, ConsoleOutput console)
    {
        foreach (var notice in predictor.Notices)
            console.WriteNotice(notice);
        if (predictor.Info is { Synthetic: true })
            console.WriteMessage("this model was trained on synthetic speech: it is not valid for real speech");
        if (predictor.Classifier is { } classifier)
            console.WriteMessage(ClassifierText.Describe(classifier));
        if (predictor.ModelPaths.Count > 1)
            console.WriteMessage($"mean of the probabilities of {predictor.ModelPaths.Count} folds' models");
    }

    private static IPredictionFormat ChooseFormat(PredictSettings settings, EmotionPredictor predictor) =>
        settings.Json
            ? new PredictionJson(predictor.Labels, predictor.Output, settings.Abstain)
            {
                Model = RunPredictor.Identify(settings.WorkFolder, settings.Arguments[0], predictor),
            }
        : settings.Csv ? new PredictionCsv(predictor.Labels, predictor.Output, settings.Abstain)
        : new PredictionText(predictor.Labels, predictor.Output, settings.Abstain);

    private static async Task<IReadOnlyList<PredictionInput>> ReadInputsAsync(
        IEnumerable<string> arguments,
        string? speaker,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var inputs = new List<PredictionInput>();
        foreach (var argument in arguments)
        {
            if (argument != StandardInput.Name)
            {
                inputs.AddRange(PredictionInputs.FromPath(argument, speaker, console.WriteNotice));
                continue;
            }
            var content = await StandardInput.ReadAsync(cancellationToken).ConfigureAwait(false);
            inputs.Add(new(argument, speaker) { Content = content });
        }
        return inputs;
    }

    private static void RequireValidSpeaker(string? name, EmotionPredictor model)
    {
        if (name is null || (model.UsesSpeakerNormalization && name.Length > 0))
            return;
        throw new UsageException(
            name.Length == 0
                ? "--speaker: the name is empty"
                : "--speaker requires a model of train --normalize speaker; this one "
                    + (
                        model.Info is { } info
                            ? $"was trained with --normalize {NormalizationModes.Format(info.Normalization.Kind)}"
                            : "is a published classifier"
                    )
                    + ": omit the option"
        );
    }
}
