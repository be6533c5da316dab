using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>The local machine: a working folder, and the built program as its user runs it.</summary>
internal sealed class Laptop : IDisposable
{
    private static readonly Lazy<string> SourceCopy = new(MakeSlim);

    private readonly TempFolder folder = new();
    private readonly SshServer? server;

    /// <param name="server">The server whose ssh is used, with the host name "lab"; null: the system's ssh.</param>
    public Laptop(SshServer? server) => this.server = server;

    /// <summary>
    /// The program to upload, without native libraries of other platforms and of speech encoders, which training does
    /// not use.
    /// </summary>
    public static string Program => SourceCopy.Value;

    public string Folder => folder.Path;

    public string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>Environment variables of the processes that are started from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Process Start(params IEnumerable<string> arguments) => Process.Start(Prepare(arguments))!;

    /// <summary>Runs the program in a terminal.</summary>
    public TerminalSession OpenTerminal(params IEnumerable<string> arguments) =>
        new(Prepare(arguments), columns: 80, ["PATH", "XDG_CACHE_HOME"]);

    /// <summary>Deploys to "lab" in a terminal.</summary>
    public TerminalSession OpenDeploy(params IEnumerable<string> arguments) => OpenTerminal(DeployLine(arguments));

    /// <summary>Starts <c>deploy --init</c>, which reads answers from its standard input.</summary>
    public Process StartInit()
    {
        var start = Prepare(["deploy", "--init"]);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    /// <summary>Runs <c>deploy --init</c> with these answers, then the end of the input.</summary>
    public (int Code, string Output, string Error) Init(params string[] answers)
    {
        using var process = StartInit();
        process.StandardInput.Write(string.Concat(answers.Select(answer => answer + "\n")));
        process.StandardInput.Close();
        return BuiltProgram.WaitForExit(process)[0];
    }

    public (int Code, string Output, string Error) Run(params IEnumerable<string> arguments) =>
        BuiltProgram.WaitForExit(Start(arguments))[0];

    /// <summary>Deploys the store "store" with default settings: to "lab", with the built program.</summary>
    public (int Code, string Output, string Error) Deploy(params IEnumerable<string> arguments) =>
        Run(DeployLine(arguments));

    public Process StartDeploy(params IEnumerable<string> arguments) => Start(DeployLine(arguments));

    /// <summary>Writes a store of clips that a network learns in a few steps.</summary>
    public void MakeStore(string name = "store", int clips = 32) =>
        FeatureStoreBuilder.WriteLearnable(PathOf(name), clips, clipsPerSpeaker: 4);

    public void Dispose() => folder.Dispose();

    private ProcessStartInfo Prepare(IEnumerable<string> arguments)
    {
        var start = BuiltProgram.Prepare(Folder, arguments);
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("ATTN_CRNN_", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["TERM"] = "dumb";
        start.Environment["XDG_CACHE_HOME"] = PathOf(".cache");
        if (server is not null)
            start.Environment["PATH"] = $"{server.LocalPrograms}:{start.Environment["PATH"]}";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return start;
    }

    private static IEnumerable<string> DeployLine(IEnumerable<string> arguments) =>
        ["deploy", "--host", SshServer.Name, "--program", Program, .. arguments];

    private static string MakeSlim()
    {
        var sourceFolder = Path.GetDirectoryName(BuiltProgram.Prepare(".").FileName)!;
        var targetFolder = Path.Combine(AppContext.BaseDirectory, "program-to-deploy");
        if (Directory.Exists(targetFolder))
            Directory.Delete(targetFolder, recursive: true);
        foreach (var file in Directory.GetFiles(sourceFolder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(sourceFolder, file);
            var isElsewhere =
                path.StartsWith("runtimes/", StringComparison.Ordinal)
                && !path.StartsWith($"runtimes/{RuntimeInformation.RuntimeIdentifier}/", StringComparison.Ordinal);
            if (
                isElsewhere
                || Path.GetExtension(path) is ".pdb" or ".xml"
                || path.Contains("libonnxruntime", StringComparison.Ordinal)
            )
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(targetFolder, path))!);
            File.Copy(file, Path.Combine(targetFolder, path));
        }
        return targetFolder;
    }
}
