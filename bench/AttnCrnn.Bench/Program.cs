using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Bench;
using AttnCrnn.Bench.Encoders;

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
var frames = new Option<int>("--frames") { Description = "Frames per clip.", DefaultValueFactory = _ => 263 };
var width = new Option<int>("--width") { Description = "Feature dimension per frame.", DefaultValueFactory = _ => 768 };
var batch = new Option<int>("--batch") { Description = "Clips per step.", DefaultValueFactory = _ => 32 };
var steps = new Option<int>("--steps")
{
    Description = "Steps per round; the fastest of three rounds is reported.",
    DefaultValueFactory = _ => 20,
};
var dropout = new Option<double>("--recurrent_dropout")
{
    Description = "Dropout rate of the LSTM's recurrent state; 0 uses one input mask for all gates.",
    DefaultValueFactory = _ => 0.3,
};
var layers = new Option<int>("--layers")
{
    Description = "Encoder layers per frame, combined by a learned weighted sum.",
    DefaultValueFactory = _ => 1,
};
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
var seconds = new Option<double>("--seconds")
{
    Description = "Clip length in seconds.",
    DefaultValueFactory = _ => 3.7,
};
var clips = new Option<int>("--batch") { Description = "Clips, encoded sequentially.", DefaultValueFactory = _ => 1 };
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
var output = new Option<string>("--out") { Description = "Output folder.", Required = true };
root.Subcommands.Add(
    CreateCommand("checkpoint", "Write that encoder as a checkpoint, to test extract with.", [output], arguments =>
        RandomCheckpoint.Write(arguments.Options.GetValue(output)!)
    )
);
var checkpoint = new Option<string>("--checkpoint") { Description = "Checkpoint folder.", Required = true };
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
var recording = new Option<string>("--recording")
{
    Description = "Recording of at most two minutes.",
    Required = true,
};
var chunk = new Option<double>("--chunk") { Description = "Chunk length in seconds.", DefaultValueFactory = _ => 30 };
var layerSelection = new Option<string>("--layers")
{
    Description = "Layers, as for extract.",
    DefaultValueFactory = _ => "last",
};
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
var run = new Option<string>("--run") { Description = "Cross-validation run with one encoder layer.", Required = true };
var workdir = new Option<string>("--workdir")
{
    Description = "Folder of checkpoints/ and analysis_results/.",
    DefaultValueFactory = _ => ".",
};
var store = new Option<string>("--data_dirs")
{
    Description = "Feature store that the run was trained on.",
    Required = true,
};
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

static Command CreateCommand(
    string name,
    string description,
    Option[] options,
    Action<(ParseResult Options, int Threads)> run
)
{
    var threads = new Option<int>("--threads")
    {
        Description = "Number of threads.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
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
