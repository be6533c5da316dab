using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Options;
using AttnCrnn.Prediction;

namespace AttnCrnn.Runs;

/// <summary>Opens the models of a run for prediction.</summary>
public static class RunPredictor
{
    /// <summary>Opens the best model of a run, or the best of each fold, or a model file.</summary>
    /// <param name="workFolder">Folder that holds checkpoints/.</param>
    /// <param name="runOrModel">Run name or folder, <c>latest</c> (the run fetched last), or model file.</param>
    /// <exception cref="InvalidInputException">
    /// There is no such run or model, a model is invalid, or the options do not fit it.
    /// </exception>
    public static EmotionPredictor Open(
        string workFolder,
        string runOrModel,
        EmotionPredictorOptions? options = null
    ) => EmotionPredictor.Open(RunDirectory.FindModels(Path.GetFullPath(workFolder), runOrModel), options);

    /// <summary>
    /// Opens the models of a run, a model file, or a published classifier, which is downloaded if it is not in the
    /// cache.
    /// </summary>
    /// <param name="workFolder">Folder that holds checkpoints/.</param>
    /// <param name="model">
    /// As for <see cref="Open"/>; or a checkpoint folder, or a repository of the hub as in
    /// <c>superb/hubert-large-superb-er</c> if there is no such path.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// There is no such model, it is invalid or cannot be downloaded, or the options do not fit it.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static async Task<EmotionPredictor> OpenAsync(
        string workFolder,
        string model,
        EmotionPredictorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        var reference = ModelReference.Resolve(Path.GetFullPath(workFolder), model);
        if (reference.Classifier is not { } checkpoint)
        {
            if (options.Revision is { } revision)
                throw new InvalidInputException(
                    OptionText.Create($"{OptionKeys.Revision} {revision}: {model} is no repository; omit the option")
                );
            if (options.RawLabels)
                throw new InvalidInputException(
                    OptionText.Create($"{OptionKeys.RawLabels}: {model} is no published classifier; omit the option")
                );
            return EmotionPredictor.Open(reference.Files, options);
        }
        options.RefuseTrainedModelOptions(model);
        return EmotionPredictor.FromClassifier(
            await SpeechClassifier
                .OpenAsync(
                    checkpoint,
                    new()
                    {
                        Revision = options.Revision,
                        Threads = options.Threads,
                        RawLabels = options.RawLabels,
                        Notice = options.EncoderNotice,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false),
            options.Channel,
            options.DetectSpeech
        );
    }

    /// <summary>Whether <see cref="OpenAsync"/> opens a published classifier for a name.</summary>
    /// <param name="workFolder">Folder that holds checkpoints/.</param>
    /// <exception cref="InvalidInputException">The name is a recording, or stands for two models.</exception>
    public static bool IsClassifier(string workFolder, string model) =>
        ModelReference.FindClassifier(Path.GetFullPath(workFolder), model) is not null;

    /// <summary>Name and hash of the models that a predictor has opened.</summary>
    /// <param name="workFolder">Folder that holds checkpoints/.</param>
    /// <param name="model">The name with which <paramref name="predictor"/> was opened.</param>
    /// <exception cref="IOException">A model file cannot be read.</exception>
    public static ModelIdentity Identify(string workFolder, string model, EmotionPredictor predictor)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        return predictor.Classifier is { } classifier
            ? ModelIdentity.FromClassifier(classifier)
            : ModelIdentity.FromFiles(
                RunDirectory.GetModelName(Path.GetFullPath(workFolder), model),
                predictor.ModelPaths
            );
    }
}
