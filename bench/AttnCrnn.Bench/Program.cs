using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Bench;
using AttnCrnn.Bench.Encoders;
using AttnCrnn.Bench.Speech;

var root = new RootCommand("Runs a benchmark and prints one JSON object (products: one per line).");
root.Subcommands.Add(
    CreateCommand(
        "peak",
        "Measure matrix products on this machine: ONNX Runtime's and the library's, float32, 2048³.",
        [],
        arguments =>
            Print(
                new JsonObject
                {
                    ["bench"] = "peak",
                    ["threads"] = arguments.Threads,
                    ["gemm_gflops"] = Math.Round(Gemm.MeasurePeakGflops(arguments.Threads), 1),
                    ["own_gemm_gflops"] = Math.Round(Gemm.MeasureOwnGflops(arguments.Threads), 1),
                }
            )
    )
);
root.Subcommands.Add(
    CreateCommand("products", "Measure the library's matrix product at the shapes of a training step.", [], arguments =>
        ProductBench.Run(arguments.Threads)
    )
);
var frames = CreateOption("--frames", "Frames per clip.", 263);
var width = CreateOption("--width", "Feature dimension per frame.", 768);
var batch = CreateOption("--batch", "Clips per step.", 32);
var steps = CreateOption("--steps", "Steps per round; the fastest of three rounds is reported.", 20);
var dropout = CreateOption(
    "--recurrent_dropout",
    "Dropout rate of the LSTM's recurrent state; 0 uses one input mask for all gates.",
    0.3
);
var layers = CreateOption("--layers", "Encoder layers per frame, combined by a learned weighted sum.", 1);
var exact = new Option<bool>("--exact_convolution") { Description = "Use direct convolution instead of Winograd." };
root.Subcommands.Add(
    CreateCommand(
        "train",
        "Measure one training step of the whole network.",
        [frames, width, batch, steps, dropout, layers, exact],
        arguments =>
            Print(
                TrainBench.Run(
                    arguments.Threads,
                    arguments.Options.GetValue(frames),
                    arguments.Options.GetValue(width),
                    arguments.Options.GetValue(batch),
                    arguments.Options.GetValue(steps),
                    arguments.Options.GetValue(dropout),
                    arguments.Options.GetValue(layers),
                    arguments.Options.GetValue(exact)
                )
            )
    )
);
var pairs = CreateOption("--pairs", "Steps with and without each part.", 40);
root.Subcommands.Add(
    CreateCommand(
        "parts",
        "Measure what each part of the network and of the training adds to a step.",
        [frames, pairs],
        arguments =>
            Print(
                PartsBench.Run(arguments.Threads, arguments.Options.GetValue(frames), arguments.Options.GetValue(pairs))
            )
    )
);
root.Subcommands.Add(
    CreateCommand(
        "epoch",
        "Measure a whole epoch of 960 clips of 768-dimensional frames from a store on disk.",
        [],
        arguments => Print(EpochBench.Run(arguments.Threads))
    )
);
root.Subcommands.Add(
    CreateCommand("balance", "Measure load balance of a training step over 1 to 16 threads, in multiply-adds.", [], _ =>
        Print(BalanceBench.Run())
    )
);
var simulations = CreateOption("--simulations", "Simulated test sets per number of speakers.", 2000);
var speakers = CreateOption("--speakers", "Numbers of speakers, separated by commas.", "4,8,20,50");
root.Subcommands.Add(
    CreateCommand(
        "coverage",
        "Measure how often confidence intervals contain the metrics of simulated speakers (docs/intervals.md).",
        [simulations, speakers],
        arguments =>
        {
            var counts = arguments.Options.GetValue(speakers)!.Split(',');
            foreach (
                var result in CoverageBench.Run(
                    arguments.Options.GetValue(simulations),
                    counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))
                )
            )
                Print(result);
        }
    )
);
var speakerCount = CreateOption("--speakers", "Number of speakers.", 91);
var clipsEach = CreateOption("--clips", "Clips of each speaker.", 110);
root.Subcommands.Add(
    CreateCommand(
        "intervals",
        "Measure the time of all confidence intervals of an evaluation.",
        [speakerCount, clipsEach],
        arguments =>
            Print(IntervalsBench.Run(arguments.Options.GetValue(speakerCount), arguments.Options.GetValue(clipsEach)))
    )
);
var seconds = CreateOption("--seconds", "Clip length in seconds.", 3.7);
var clips = CreateOption("--batch", "Clips, encoded sequentially.", 1);
root.Subcommands.Add(
    CreateCommand(
        "extract",
        "Measure the base-size encoder with random weights, and ONNX Runtime on transformers' export.",
        [seconds, clips],
        arguments =>
            Print(
                ExtractBench.Run(
                    arguments.Threads,
                    arguments.Options.GetValue(seconds),
                    arguments.Options.GetValue(clips)
                )
            )
    )
);
var output = CreateRequiredOption("--out", "Output folder.");
var family = new Option<string>("--family")
{
    Description = $"Family: {string.Join(", ", BaseCheckpoints.All.Keys)}.",
    DefaultValueFactory = _ => "wav2vec2",
};
family.AcceptOnlyFromAmong([.. BaseCheckpoints.All.Keys]);
root.Subcommands.Add(
    CreateCommand(
        BaseCheckpoints.Command,
        "Write a base-size checkpoint with random weights, to test extract with.",
        [family, output],
        arguments => BaseCheckpoints.Write(arguments.Options.GetValue(family)!, arguments.Options.GetValue(output)!)
    )
);
var checkpoint = CreateRequiredOption("--checkpoint", "Checkpoint folder.");
root.Subcommands.Add(
    CreateCommand(
        EncoderBench.Command,
        "Measure any encoder: one clip, clips side by side, layer 7, int8 and its error.",
        [checkpoint, seconds],
        arguments =>
            Print(
                EncoderBench.Run(
                    arguments.Options.GetValue(checkpoint)!,
                    arguments.Threads,
                    arguments.Options.GetValue(seconds)
                )
            )
    )
);
root.Subcommands.Add(
    CreateCommand(
        "families",
        "Measure the base-size encoder of every family with random weights, as the command encoder does.",
        [seconds],
        arguments => EncoderBench.RunFamilies(arguments.Threads, arguments.Options.GetValue(seconds))
    )
);
root.Subcommands.Add(
    CreateCommand(
        "checksums",
        "Write the checksums.json of a checkpoint that is distributed with the program.",
        [checkpoint],
        arguments => ChecksumsFile.Write(arguments.Options.GetValue(checkpoint)!)
    )
);
var optionalCheckpoint = new Option<string?>("--checkpoint")
{
    Description = "Folder of a Whisper checkpoint; default: the built-in encoder.",
};
var corpus = new Option<string?>("--source")
{
    Description = "Recordings for a complete extraction from files to a store.",
};
root.Subcommands.Add(
    CreateCommand(
        "whisper",
        "Measure a Whisper encoder as extract runs it, and ONNX Runtime alone on the same graph.",
        [optionalCheckpoint, corpus, seconds],
        arguments =>
            Print(
                WhisperBench.Run(
                    arguments.Options.GetValue(optionalCheckpoint),
                    arguments.Options.GetValue(corpus),
                    arguments.Options.GetValue(seconds)
                )
            )
    )
);
root.Subcommands.Add(
    CreateCommand(
        "vad",
        "Count in how many sounds and recordings speech is found, and measure the time.",
        [corpus],
        arguments => VadBench.Run(arguments.Options.GetValue(corpus), Print)
    )
);
var recordings = CreateRequiredOption("--recordings", "Folder of recordings, each different.");
root.Subcommands.Add(
    CreateCommand(
        "duplicates",
        "Measure the search for near duplicates: false alarms among all pairs, copies that are found, and the time.",
        [recordings],
        arguments => DuplicateBench.Run(arguments.Options.GetValue(recordings)!, Print)
    )
);
root.Subcommands.Add(
    CreateCommand("audit", "Measure the time of each part of the audit on one thread.", [recordings], arguments =>
        Print(AuditBench.Run(arguments.Options.GetValue(recordings)!))
    )
);
var recording = CreateRequiredOption("--recording", "Recording of at most two minutes.");
var chunk = CreateOption("--chunk", "Chunk length in seconds.", 30.0);
var layerSelection = CreateOption("--layers", "Layers, as for extract.", "last");
root.Subcommands.Add(
    CreateCommand(
        "chunks",
        "Measure how much the frames of a chunked recording differ from the frames of the unchunked recording.",
        [checkpoint, recording, chunk, layerSelection],
        arguments =>
            Print(
                ChunkBench.Run(
                    arguments.Options.GetValue(checkpoint)!,
                    arguments.Options.GetValue(recording)!,
                    arguments.Options.GetValue(chunk),
                    arguments.Options.GetValue(layerSelection)!
                )
            )
    )
);
var run = CreateRequiredOption("--run", "Cross-validation run with one encoder layer.");
var workdir = CreateOption("--workdir", "Folder of checkpoints/ and analysis_results/.", ".");
var store = CreateRequiredOption("--data_dirs", "Feature store that the run was trained on.");
root.Subcommands.Add(
    CreateCommand(
        "int8",
        "Measure the accuracy cost of export --quantize int8 on a run's test clips.",
        [run, workdir, store],
        arguments =>
            Print(
                Int8Bench.Run(
                    arguments.Options.GetValue(workdir)!,
                    arguments.Options.GetValue(run)!,
                    arguments.Options.GetValue(store)!
                )
            )
    )
);
if (args is [PeerProcess.Command, var folder, var peerThreads, var peerSeconds, var peerClips])
{
    PeerProcess.Serve(
        folder,
        int.Parse(peerThreads, CultureInfo.InvariantCulture),
        double.Parse(peerSeconds, CultureInfo.InvariantCulture),
        int.Parse(peerClips, CultureInfo.InvariantCulture)
    );
    return 0;
}
return root.Parse(args.Length == 0 ? ["--help"] : args).Invoke();

static void Print(JsonObject metrics) => Console.WriteLine(metrics.ToJsonString());

static Option<T> CreateOption<T>(string name, string description, T defaultValue) =>
    new(name)
    {
        Description = description,

        DefaultValueFactory = _ => defaultValue,
    };

static Option<string> CreateRequiredOption(string name, string description) =>
    new(name)
    {
        Description = description,

        Required = true,
    };

static Command CreateCommand(
    string name,
    string description,
    Option[] options,
    Action<(ParseResult Options, int Threads)> run
)
{
    var threads = CreateOption("--threads", "Number of threads.", Environment.ProcessorCount);
    var command = new Command(name, description)
    {
        threads,
        new Option<bool>("--json") { Description = "Print JSON (always enabled)." },
    };
    foreach (var option in options)
        command.Options.Add(option);
    command.SetAction(parseResult => run((parseResult, parseResult.GetValue(threads))));
    return command;
}
