using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.IO;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// Writes the plots of <c>--explain</c>: <c>NAME_explanation.png</c> for a recording, with the seconds after the name
/// for a part of one. Recordings of equal names are numbered; a plot of an earlier call is replaced, an input never.
/// </summary>
internal sealed class ExplanationOutput
{
    private readonly string folder;
    private readonly IReadOnlyList<string> labels;
    private readonly bool hasParts;
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase); // as on most file systems

    /// <param name="labels">[classes].</param>
    /// <param name="hasParts">Whether recordings are divided into windows or segments of speech.</param>
    /// <param name="sources">The model, the recordings, and the manifests that list them.</param>
    public ExplanationOutput(string folder, IReadOnlyList<string> labels, bool hasParts, IEnumerable<string> sources)
    {
        this.hasParts = hasParts;
        this.folder = folder;
        this.labels = labels;
        taken.UnionWith(sources.Select(RealPath.Resolve));
    }

    /// <summary>Number of plots so far.</summary>
    public int Count { get; private set; }

    /// <summary>Checks that the folder can be written, before recordings are encoded.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public static void CheckFolder(string? folder)
    {
        if (folder is null)
            return;
        if (string.IsNullOrWhiteSpace(folder))
            throw new UsageException("--explain: the name is empty; add the folder of the plots, or omit the option");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CreateError(folder, exception);
        }
    }

    /// <summary>Writes the plot of a prediction.</summary>
    /// <returns>Its path; null: the prediction is not explained.</returns>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public string? Write(RecordingPrediction prediction)
    {
        if (prediction.Explanation is not { } explanation)
            return null;
        var name = prediction.Input.Content is null ? Path.GetFileName(prediction.Input.Path) : "standard input";
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {labels[explanation.PredictedClass]}, probability {explanation.Confidence:0.00}"
        );
        var path = ChoosePath(prediction);
        try
        {
            AtomicFile.WriteBytes(path, ExplanationPlot.Render(explanation, title));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CreateError(path, exception);
        }
        Count++;
        return path;
    }

    private string ChoosePath(RecordingPrediction prediction)
    {
        var input = prediction.Input;
        var stem = input.Content is null ? Path.GetFileNameWithoutExtension(input.Path) : "stdin";
        if (hasParts || input.StartSeconds is not null || input.EndSeconds is not null)
            stem = string.Create(
                CultureInfo.InvariantCulture,
                $"{stem}_{prediction.StartSeconds:0.00}-{prediction.EndSeconds:0.00}s"
            );
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(folder, $"{stem}{(number == 1 ? "" : $"_{number}")}_explanation.png");
            if (taken.Add(RealPath.Resolve(path)))
                return path;
        }
    }

    private static InvalidInputException CreateError(string path, Exception exception) =>
        new(path, $"cannot be written ({FileFailure.Describe(exception)}); choose a writable folder with --explain");
}
