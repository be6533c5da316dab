using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats;

namespace AttnCrnn.Cli.Commands;

/// <summary>Label and probabilities of recordings; a timeline for long ones.</summary>
internal sealed class PredictCommand : CliCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Argument<string[]> what;
    private readonly Option<string?> workdir, encoder;
    private readonly Option<double?> window, hop;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exact;

    public PredictCommand() : base("predict", "Label and probabilities of recordings, or of an .npz of frames.")
    {
        what = Arguments("RUN|MODEL FILE…|DIR", "a run's name or folder, or a model file; then recordings, folders of them, or .npz of frames");
        workdir = Flag<string?>("--workdir", "where checkpoints/ is", ".");
        encoder = Flag<string?>("--encoder", "DIR: the model's encoder, where it is not where it was in training", null);
        window = Flag<double?>("--window", "S: a prediction for every so many seconds", null);
        hop = Flag<double?>("--hop", "S: seconds from one window to the next; by default the window", null);
        json = Flag("--json", "one JSON object a line", false);
        threads = Flag("--threads", "to compute with", Environment.ProcessorCount);
        exact = Flag("--exact_convolution", "direct products instead of Winograd's: slower, and a few bits nearer to Keras", false);
    }

    public override int Run(ParseResult given, Shell shell, CancellationToken cancellationToken)
    {
        var arguments = given.GetValue(what)!;
        if (arguments.Length < 2) throw new UsageException("name a run or model, then recordings or folders of them");
        var (length, step) = (given.GetValue(window), given.GetValue(hop) ?? given.GetValue(window));
        if (length is not (null or (>= 0.1 and <= 3600))) throw new UsageException($"--window {length}: expected 0.1 to 3600 seconds");
        if (length is null && step is not null) throw new UsageException("--hop goes with --window");
        if (step is not (null or (>= 0.01 and <= 3600))) throw new UsageException($"--hop {step}: expected 0.01 to 3600 seconds");
        using var model = Ensemble.Load(RunFolders.ModelsOf(Path.GetFullPath(given.GetValue(workdir)!), arguments[0]), given.GetValue(threads), given.GetValue(exact));
        if (model.Model.Synthetic) shell.Say("this model learned from synthetic recordings: it knows nothing about people");
        using var frames = new ModelEncoder(model.Model.Encoder, given.GetValue(encoder), given.GetValue(threads), shell);
        var refused = 0;
        foreach (var path in arguments[1..].SelectMany(Files))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var (start, end, clip) in Pieces(path, model, frames, length, step, cancellationToken))
                    Show(shell, given.GetValue(json), model, path, start, end, model.Predict([clip])[0]);
            }
            catch (RefusedException fault)
            {
                refused++;
                shell.Complain(fault.Message.Contains(path, StringComparison.Ordinal) ? fault.Message : $"{path}: {fault.Message}");
            }
        }
        return refused == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => AudioReader.IsAudioName(file) || file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new RefusedException($"{path}: no recordings in it");
    }

    private static IEnumerable<(double? Start, double? End, FrameMatrix Frames)> Pieces(
        string path, Ensemble model, ModelEncoder encoder, double? window, double? hop, CancellationToken cancellationToken)
    {
        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            if (window is not null) throw new RefusedException($"{path}: frames in an .npz have no known rate, so --window cannot cut them");
            var clip = FeatureNpz.Read(path, model.Model.Encoder.FrameWidth);
            yield return (null, null, new(clip.Values, clip.Frames, model.Model.Encoder.LayerCount, model.Model.Encoder.Width));
            yield break;
        }
        var samples = AudioReader.Read(path, cancellationToken: cancellationToken).Samples;
        var seconds = (double)samples.Length / Waveform.SampleRateHz;
        if (window is null)
        {
            yield return (0, seconds, encoder.Encode(path, samples, cancellationToken));
            yield break;
        }
        for (var start = 0.0; ; start += hop!.Value)
        {
            var end = Math.Min(seconds, start + window.Value);
            var (first, last) = ((int)Math.Round(start * Waveform.SampleRateHz), (int)Math.Round(end * Waveform.SampleRateHz));
            // What is left at the end may be too short for four frames; the window before has heard most of it.
            if (start > 0 && last - first < Waveform.SampleRateHz / 10) yield break;
            yield return (start, end, encoder.Encode(path, samples[first..last], cancellationToken));
            if (end >= seconds) yield break;
        }
    }

    private static void Show(Shell shell, bool asJson, Ensemble model, string path, double? start, double? end, double[] shares)
    {
        var labels = model.Model.Labels;
        var best = Metrics.Classification.MostProbable(shares);
        if (asJson)
        {
            shell.Print(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["path"] = path, ["label"] = labels[best], ["probabilities"] = labels.Zip(shares).ToDictionary(pair => pair.First, pair => pair.Second),
                ["start_s"] = start, ["end_s"] = end,
            }, Json));
            return;
        }
        var order = Enumerable.Range(0, labels.Count).OrderByDescending(k => shares[k]);
        var time = start is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  {start:0.00}-{end:0.00} s");
        shell.Print($"{path}{time}  {labels[best]}  {string.Join(' ', order.Select(k => string.Create(CultureInfo.InvariantCulture, $"{labels[k]}={shares[k]:0.0000}")))}");
    }

    // The model's encoder, opened only if a recording is to be heard.
    private sealed class ModelEncoder(EncoderDescription of, string? folder, int threads, Shell shell) : IDisposable
    {
        private IEncoder? encoder;

        public FrameMatrix Encode(string path, float[] samples, CancellationToken cancellationToken)
        {
            if (of.Name == "npz") throw new RefusedException($"{path}: the model learned from .npz frames whose maker is not known; give it .npz frames");
            encoder ??= Open(cancellationToken);
            return encoder.Encode(samples, cancellationToken);
        }

        public void Dispose() => encoder?.Dispose();

        private IEncoder Open(CancellationToken cancellationToken)
        {
            var request = EncoderRequest.For(of) with { Threads = threads };
            if (folder is not null) request = request with { Name = folder, Revision = null };
            else if (Path.IsPathRooted(of.Name) && !Directory.Exists(of.Name))
                throw new RefusedException($"{of.Name}: the folder of the encoder that this model learned with is gone; say where it is now with --encoder DIR");
            var opened = EncoderCatalog.Open(request, shell.Say, cancellationToken: cancellationToken);
            // In another place it has another name; what counts is that the files are the same.
            if (opened.Description with { Name = of.Name } == of) return opened;
            using (opened) throw new RefusedException($"the model learned from frames of {of}, and {request.Name} now gives those of {opened.Description}: name the encoder it learned with by --encoder DIR, or train anew");
        }
    }
}
