using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Bench;

var root = new RootCommand("Measures, and prints one JSON object (products: one a line).");
root.Subcommands.Add(
    Command("peak", "the machine's matrix product: ONNX Runtime's and our own, float32, 2048³", [], given => Print(
            new JsonObject
            {
                ["bench"] = "peak",
                ["threads"] = given.Threads,
                ["gemm_gflops"] = Math.Round(Gemm.PeakGflops(given.Threads), 1),
                ["own_gemm_gflops"] = Math.Round(Gemm.OwnGflops(given.Threads), 1),
            }
        ))
);
root.Subcommands.Add(
    Command("products", "our matrix product at the shapes of a training step", [], given =>
        ProductBench.Run(given.Threads)
    )
);
var frames = new Option<int>("--frames") { Description = "a clip's", DefaultValueFactory = _ => 263 };
var width = new Option<int>("--width") { Description = "features of a frame", DefaultValueFactory = _ => 768 };
var batch = new Option<int>("--batch") { Description = "clips a step", DefaultValueFactory = _ => 32 };
var steps = new Option<int>("--steps")
{
    Description = "a round, of three; the best round counts",
    DefaultValueFactory = _ => 20,
};
var dropout = new Option<double>("--recurrent_dropout")
{
    Description = "of the LSTM's state; 0: one mask for all gates of its input",
    DefaultValueFactory = _ => 0.3,
};
var layers = new Option<int>("--layers")
{
    Description = "of the encoder that a frame has side by side, mixed by the network",
    DefaultValueFactory = _ => 1,
};
var exact = new Option<bool>("--exact_convolution") { Description = "direct products instead of Winograd's" };
root.Subcommands.Add(
    Command(
        "train",
        "one training step of the whole network",
        [frames, width, batch, steps, dropout, layers, exact],
        given =>
            Print(
                TrainBench.Run(
                    given.Threads,
                    given.Of.GetValue(frames),
                    given.Of.GetValue(width),
                    given.Of.GetValue(batch),
                    given.Of.GetValue(steps),
                    given.Of.GetValue(dropout),
                    given.Of.GetValue(layers),
                    given.Of.GetValue(exact)
                )
            )
    )
);
root.Subcommands.Add(
    Command("epoch", "a whole epoch of 960 clips of 768-wide frames from a store on disk, by the recipe", [], given =>
        Print(EpochBench.Run(given.Threads))
    )
);
root.Subcommands.Add(
    Command("balance", "how evenly a step's products split over 1 to 16 threads, as counted multiply-adds", [], _ =>
        Print(BalanceBench.Run())
    )
);
var seconds = new Option<double>("--seconds") { Description = "a clip's", DefaultValueFactory = _ => 3.7 };
var clips = new Option<int>("--batch") { Description = "clips, one after the other", DefaultValueFactory = _ => 1 };
root.Subcommands.Add(
    Command(
        "extract",
        "the base-size encoder with noise for weights, against ONNX Runtime on transformers' export",
        [seconds, clips],
        given => Print(ExtractBench.Run(given.Threads, given.Of.GetValue(seconds), given.Of.GetValue(clips)))
    )
);
var output = new Option<string>("--out") { Description = "the folder", Required = true };
root.Subcommands.Add(
    Command("checkpoint", "writes that encoder as a checkpoint, to try extract with", [output], given =>
        RandomCheckpoint.Write(given.Of.GetValue(output)!)
    )
);
var checkpoint = new Option<string>("--checkpoint") { Description = "a folder", Required = true };
root.Subcommands.Add(
    Command("checksums", "writes the checksums.json of a checkpoint that comes with the program", [checkpoint], given =>
        ChecksumsFile.Write(given.Of.GetValue(checkpoint)!)
    )
);
var anyCheckpoint = new Option<string?>("--checkpoint")
{
    Description = "a folder with a Whisper; by default the encoder inside",
};
var corpus = new Option<string?>("--source")
{
    Description = "recordings to extract as a whole, from their files to a store",
};
root.Subcommands.Add(
    Command(
        "whisper",
        "a Whisper encoder as extract runs it, against ONNX Runtime alone on the same graph",
        [anyCheckpoint, corpus, seconds],
        given =>
            Print(
                WhisperBench.Run(
                    given.Of.GetValue(anyCheckpoint),
                    given.Of.GetValue(corpus),
                    given.Of.GetValue(seconds)
                )
            )
    )
);
var recording = new Option<string>("--recording") { Description = "of at most two minutes", Required = true };
var chunk = new Option<double>("--chunk") { Description = "seconds a piece", DefaultValueFactory = _ => 30 };
var chosen = new Option<string>("--layers") { Description = "as extract has it", DefaultValueFactory = _ => "last" };
root.Subcommands.Add(
    Command("seams", "how far a recording in pieces is from the whole", [checkpoint, recording, chunk, chosen], given =>
        Print(
            SeamBench.Run(
                given.Of.GetValue(checkpoint)!,
                given.Of.GetValue(recording)!,
                given.Of.GetValue(chunk),
                given.Of.GetValue(chosen)!
            )
        )
    )
);
var run = new Option<string>("--run")
{
    Description = "a run of several folds with a width of one layer",
    Required = true,
};
var workdir = new Option<string>("--workdir")
{
    Description = "where its checkpoints/ and analysis_results/ are",
    DefaultValueFactory = _ => ".",
};
var store = new Option<string>("--data_dirs") { Description = "the store it learned from", Required = true };
root.Subcommands.Add(
    Command("int8", "what export --quantize int8 costs on a run's test clips", [run, workdir, store], given =>
        Print(Int8Bench.Run(given.Of.GetValue(workdir)!, given.Of.GetValue(run)!, given.Of.GetValue(store)!))
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

static Command Command(string name, string description, Option[] options, Action<(ParseResult Of, int Threads)> run)
{
    var threads = new Option<int>("--threads")
    {
        Description = "to compute with",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    var command = new Command(name, description)
    {
        threads,
        new Option<bool>("--json") { Description = "as it always does" },
    };
    foreach (var option in options)
        command.Options.Add(option);
    command.SetAction(given => run((given, given.GetValue(threads))));
    return command;
}
