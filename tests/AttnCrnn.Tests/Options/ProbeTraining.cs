using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Options;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Options;

/// <summary>Trainings of a fraction of a second on synthetic stores, and what of them a probe observes.</summary>
public sealed class ProbeTraining : IDisposable
{
    private const int Width = 12;
    private const int Speakers = 7;
    private const int ClipsPerSpeaker = 7;

    // Unequal numbers of clips, so that class weights and metrics differ; bored is in no preset.
    private static readonly string[] LabelOfClip = ["happy", "sad", "happy", "angry", "happy", "bored", "sad"];

    private readonly TempFolder folder = new();
    private readonly Dictionary<string, string> observations = [];
    private int run;

    public ProbeTraining()
    {
        WriteStore("store", seed: 1);
        WriteStore("other", seed: 2);
        WriteStore("two_speakers", seed: 3, speakers: 2); // who are in all subsets
        var models = Train(new Dictionary<string, string>(Common) { ["seed"] = "7" }).Directory.Checkpoints;
        var best = ModelFolder.GetBestModelPath(models);
        File.Copy(best, folder.PathOf("model.keras"));
        KerasBuilder.FromFile(best).WithoutEntry("attn_crnn.json").Save(folder.PathOf("keras.keras"));
    }

    /// <summary>Folder of the stores and models.</summary>
    public string Folder => folder.Path;

    /// <summary>The options of all trainings: one short epoch.</summary>
    internal Dictionary<string, string> Common =>
        new()
        {
            ["data_dirs"] = folder.PathOf("store"),
            ["epochs"] = "1",
            ["batch_size"] = "16",
            ["copies"] = "1",
            ["threads"] = "2",
            ["max_bad"] = "1",
        };

    /// <summary>What an option changes, of a run with these options; computed once for equal options.</summary>
    internal string Observe(IReadOnlyDictionary<string, string> options, OptionEffect effect)
    {
        var key = $"{effect} {string.Join(' ', options.OrderBy(pair => pair.Key, StringComparer.Ordinal))}";
        if (!observations.TryGetValue(key, out var observation))
            observations[key] = observation = ObserveNew(options, effect);
        return observation;
    }

    /// <summary>What an option changes, of a new run.</summary>
    internal string ObserveNew(IReadOnlyDictionary<string, string> options, OptionEffect effect) =>
        effect switch
        {
            OptionEffect.Weights => ObserveWeights(options),
            OptionEffect.Clips => ObserveClips(options),
            OptionEffect.Contents => ObserveCheckpoints(options),
            OptionEffect.Environment => ObserveEnvironment(options),
            OptionEffect.Outcome => ObserveOutcome(options),
            _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "not an effect on a training"),
        };

    public void Dispose() => folder.Dispose();

    private string ObserveWeights(IReadOnlyDictionary<string, string> options)
    {
        var directory = Train(options).Directory;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.GetFiles(directory.Checkpoints, "*.keras", SearchOption.AllDirectories).Order())
        foreach (var tensor in ModelFile.Read(path).Tensors)
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.Values));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private string ObserveClips(IReadOnlyDictionary<string, string> options)
    {
        using var started = Start(options);
        var text = new StringBuilder();
        text.AppendJoin(' ', started.Experiment.Labels).Append('\n');
        foreach (var split in started.Experiment.Splits)
        foreach (var subset in Enum.GetValues<Subset>())
            text.Append(subset)
                .Append(": ")
                .AppendJoin(' ', split.GetIndices(subset).Select(clip => started.Store.Clips[clip].Path))
                .Append('\n');
        return text.ToString();
    }

    // The best value of the monitored metric and the checkpoints after each step.
    private string ObserveCheckpoints(IReadOnlyDictionary<string, string> options)
    {
        using var started = Start(options);
        var text = new StringBuilder();
        var progress = new InlineProgress<TrainingProgress>(step =>
            text.Append(CultureInfo.InvariantCulture, $"{step.Best} ")
                .AppendJoin(' ', Trainer.ListCheckpoints(started.Directory.Checkpoints).Select(Path.GetFileName))
                .Append('\n')
        );
        started.Train(progress, TestContext.Current.CancellationToken);
        return text.ToString();
    }

    private string ObserveEnvironment(IReadOnlyDictionary<string, string> options)
    {
        using var started = Start(options);
        started.RecordStart();
        var provenance = JsonNode.Parse(File.ReadAllText(started.Directory.GetProvenancePath(null)))!;
        return provenance["sessions"]!.ToJsonString();
    }

    private string ObserveOutcome(IReadOnlyDictionary<string, string> options)
    {
        try
        {
            using var started = Start(options);
            return "started";
        }
        catch (InvalidInputException exception)
        {
            return exception.Message;
        }
    }

    private TrainingRun Train(IReadOnlyDictionary<string, string> options)
    {
        using var started = Start(options);
        started.Train(null, TestContext.Current.CancellationToken);
        return started;
    }

    private TrainingRun Start(IReadOnlyDictionary<string, string> options)
    {
        var values = new OptionValues();
        values.Set(OptionKeys.WorkFolder, [folder.PathOf($"run{run++}")]);
        foreach (var (key, value) in options)
            values.Set(new(key), [value]);
        var errors = new List<OptionError>();
        var configuration = RunConfiguration.Create(values, errors);
        InvalidOptionsException.ThrowIfAny(errors);
        return TrainingRun.Start(configuration, new(typeof(ProbeTraining).Assembly, new StoppedClock()));
    }

    private void WriteStore(string name, uint seed, int speakers = Speakers)
    {
        var clips = Enumerable
            .Range(0, Speakers * ClipsPerSpeaker)
            .Select(clip => new StoreClip(
                $"/{name}/{clip:00}.wav",
                LabelOfClip[clip % ClipsPerSpeaker],
                $"s{clip / ClipsPerSpeaker % speakers}",
                CreateFrames(seed, clip)
            )
            {
                // Three of four raters agree with the label.
                Votes = new([new(LabelOfClip[clip % ClipsPerSpeaker], 3), new("sad", 1)]),
            });
        FeatureStoreBuilder.Write(
            folder.PathOf(name),
            new EncoderDescription("log-mel", "1", "", 100, Width, 1),
            clips.Append(new StoreClip($"/{name}/damaged.wav", "sad", "s0", []) { Problem = "damaged" })
        );
    }

    // Noise, louder in a band that depends on the label.
    private static float[] CreateFrames(uint seed, int clip)
    {
        var values = new float[(20 + (clip * 7 % 15)) * Width];
        new RandomStream(seed).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
        var band = Array.IndexOf(LabelOfClip, LabelOfClip[clip % ClipsPerSpeaker]);
        for (var index = band; index < values.Length; index += Width)
            values[index] += 0.7f;
        return values;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long GetTimestamp() => 0;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
    }
}
