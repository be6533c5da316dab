using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Options;
using AttnCrnn.Testing.Probes;

namespace AttnCrnn.Tests.Options;

/// <summary>The commands that are probed in process, on shared inputs.</summary>
public sealed class CommandProbes : IDisposable
{
    private const string PodIndex = "JOB_COMPLETION_INDEX";

    private readonly ProbeInputs inputs = new();
    private readonly Dictionary<string, ProbedCommand> commands;

    public CommandProbes()
    {
        // For extract --shard auto; nothing else reads it.
        Environment.SetEnvironmentVariable(PodIndex, "0");
        commands = (
            (ProbedCommand[])
                [
                    CreateCorpus(),
                    CreateExtract(),
                    CreateTrain(),
                    CreateEvaluate(),
                    CreateCompare(),
                    CreateReport(),
                    CreateModels(),
                    CreateShow(),
                    CreatePredict(),
                    CreateExport(),
                ]
        ).ToDictionary(command => command.Name);
    }

    internal ProbedCommand Find(string name) => commands[name];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(PodIndex, null);
        inputs.Dispose();
    }

    private ProbedCommand CreateCorpus() =>
        new(inputs, Run)
        {
            Name = "corpus",
            Arguments = [inputs.PathOf("clips.csv")],
            OtherArguments = SourceArguments,
            Common = new Dictionary<string, string> { ["out"] = inputs.PathOf("manifest.csv") },
        };

    private ProbedCommand CreateExtract() =>
        new(inputs, Run)
        {
            Name = "extract",
            Arguments = [inputs.PathOf("clips.csv")],
            OtherArguments = SourceArguments,
            Common = new Dictionary<string, string>
            {
                ["encoder"] = inputs.PathOf("whisper"),
                ["out"] = inputs.PathOf("store"),
                ["threads"] = "1",
                ["max_bad"] = "1",
            },
        };

    private ProbedCommand CreateTrain() =>
        new(inputs, Run)
        {
            Name = "train",
            Common = new Dictionary<string, string>
            {
                ["data_dirs"] = inputs.PathOf("features"),
                ["workdir"] = inputs.PathOf("trained"),
                ["epochs"] = "1",
                ["copies"] = "1",
                ["batch_size"] = "16",
                ["max_bad"] = "1",
            },
        };

    private ProbedCommand CreateEvaluate() =>
        new(inputs, Run)
        {
            Name = "evaluate",
            Arguments = [ProbeInputs.Run],
            OtherArguments = new Dictionary<string, string[]>
            {
                [OptionKeys.RawLabels.Name] = [inputs.PathOf("classifier")],

                [OptionKeys.Revision.Name] = ["owner/name"],
            },
            Setups = new Dictionary<string, string[]>
            {
                [OptionKeys.RawLabels.Name] =
                [
                    $"data_dirs={inputs.PathOf("clips.csv")}",
                    "map=happy=sad,joy=sad,angry=sad",
                ],
                [OptionKeys.Revision.Name] = [$"data_dirs={inputs.PathOf("clips.csv")}"],
            },
            Common = new Dictionary<string, string>
            {
                ["data_dirs"] = inputs.PathOf("features"),
                ["workdir"] = inputs.PathOf("runs"),
                ["max_bad"] = "1",
            },
        };

    private ProbedCommand CreateCompare() =>
        new(inputs, Run)
        {
            Name = "compare",
            Arguments = [ProbeInputs.Run, ProbeInputs.EvaluatedRun],
            Common = new Dictionary<string, string>
            {
                ["workdir"] = inputs.PathOf("runs"),

                ["out"] = inputs.PathOf("page.html"),
            },
        };

    private ProbedCommand CreateReport() =>
        new(inputs, Run)
        {
            Name = "report",
            Arguments = [ProbeInputs.Run],
            Common = new Dictionary<string, string> { ["workdir"] = inputs.PathOf("runs") },
        };

    private ProbedCommand CreateModels() =>
        new(inputs, Run)
        {
            Name = "models",
            Common = new Dictionary<string, string> { ["workdir"] = inputs.PathOf("runs") },
            Setups = new Dictionary<string, string[]>
            {
                // Without runs, there is a message, which is suppressed.
                [CommandOptionKeys.Quiet.Name] = [$"workdir={inputs.PathOf("clips")}"],
                [CommandOptionKeys.Config.Name] = [$"workdir={inputs.PathOf("clips")}"],
            },
        };

    private ProbedCommand CreateShow() =>
        new(inputs, Run)
        {
            Name = "show",
            Arguments = [ProbeInputs.Run],
            OtherArguments = new Dictionary<string, string[]> { [OptionKeys.Revision.Name] = ["owner/name"] },
            Common = new Dictionary<string, string> { ["workdir"] = inputs.PathOf("runs") },
            Setups = new Dictionary<string, string[]>
            {
                // The message names the page.
                [CommandOptionKeys.Quiet.Name] = [$"out={inputs.PathOf("page.html")}"],
                [CommandOptionKeys.Config.Name] = [$"out={inputs.PathOf("page.html")}"],
            },
        };

    private ProbedCommand CreatePredict() =>
        new(inputs, Run)
        {
            Name = "predict",
            Arguments = [ProbeInputs.Run, inputs.PathOf("clips", "17.wav")],
            OtherArguments = new Dictionary<string, string[]>(ForEncoder(inputs.PathOf("clips", "17.wav")))
            {
                [OptionKeys.RawLabels.Name] = [inputs.PathOf("classifier"), inputs.PathOf("clips", "17.wav")],

                [OptionKeys.Revision.Name] = ["owner/name", inputs.PathOf("clips", "17.wav")],
            },
            Common = new Dictionary<string, string> { ["workdir"] = inputs.PathOf("runs") },
        };

    private ProbedCommand CreateExport() =>
        new(inputs, Run)
        {
            Name = "export",
            Arguments = [ProbeInputs.Run],
            OtherArguments = new Dictionary<string, string[]>(ForEncoder())
            {
                [OptionKeys.RawLabels.Name] = [inputs.PathOf("classifier")],

                [OptionKeys.Revision.Name] = ["owner/name"],
            },
            Setups = new Dictionary<string, string[]> { [OptionKeys.Revision.Name] = ["waveform=true"] },
            Common = new Dictionary<string, string>
            {
                ["workdir"] = inputs.PathOf("runs"),

                ["to"] = "onnx",
            },
        };

    // Sources on which the options of sources have an effect.
    private Dictionary<string, string[]> SourceArguments =>
        new()
        {
            [OptionKeys.Keep.Name] = [inputs.PathOf("conflict.csv")],

            [OptionKeys.Protocol.Name] = [inputs.PathOf("ravdess")],

            [OptionKeys.Tables.Name] = [inputs.PathOf("database")],

            [OptionKeys.LabelKind.Name] = [inputs.PathOf("improv")],
        };

    // Only a model that does not name its encoder is given one.
    private Dictionary<string, string[]> ForEncoder(params string[] recordings) =>
        new()
        {
            [OptionKeys.Encoder.Name] = [inputs.ModelWithoutEncoder, .. recordings],
            [OptionKeys.Layers.Name] = [inputs.ModelWithoutEncoder, .. recordings],
        };

    private static (int Code, string Output, string Error) Run(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Application.RunAsync(arguments, new ConsoleOutput(output, error)).GetAwaiter().GetResult();
        return (code, output.ToString(), error.ToString());
    }
}
