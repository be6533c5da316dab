using System.Diagnostics;
using System.Runtime.InteropServices;
using AttnCrnn.Encoders;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Tests.Cli;
using AttnCrnn.Tests.Features;

namespace AttnCrnn.Tests.Deployment;

/// <summary>The local machine: a working folder, and the built program as its user runs it.</summary>
internal sealed class Laptop : IDisposable
{
    private static readonly Lazy<string> Slim = new(MakeSlim);

    private readonly TempFolder folder = new();
    private readonly SshServer? server;

    /// <param name="server">The server whose ssh is used, with the host name "lab"; null: the system's ssh.</param>
    public Laptop(SshServer? server) => this.server = server;

    /// <summary>
    /// The program to upload, without native libraries of other platforms and of speech encoders, which training does
    /// not use.
    /// </summary>
    public static string Program => Slim.Value;

    public string Folder => folder.Path;

    public string At(params string[] parts) => folder.At(parts);

    /// <summary>Environment variables of the processes that are started from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Process Start(params IEnumerable<string> arguments)
    {
        var start = BuiltProgram.Prepare(Folder, arguments);
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("ATTN_CRNN_", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["TERM"] = "dumb";
        start.Environment["XDG_CACHE_HOME"] = At(".cache");
        if (server is not null)
            start.Environment["PATH"] = $"{server.LocalPrograms}:{start.Environment["PATH"]}";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public (int Code, string Output, string Error) Run(params IEnumerable<string> arguments) =>
        BuiltProgram.End(Start(arguments))[0];

    /// <summary>Deploys the store "store" with default settings: to "lab", with the built program.</summary>
    public (int Code, string Output, string Error) Deploy(params IEnumerable<string> arguments) =>
        Run(DeployLine(arguments));

    public Process StartDeploy(params IEnumerable<string> arguments) => Start(DeployLine(arguments));

    /// <summary>Writes a store of clips that a network learns in a few steps.</summary>
    public void MakeStore(string name = "store", int clips = 32)
    {
        const int width = 12;
        static float[] Values(int clip)
        {
            var values = new float[(30 + (clip * 7 % 25)) * width];
            new RandomStream(2).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
            for (var at = clip % 3; at < values.Length; at += width)
                values[at] += 0.7f;
            return values;
        }
        MadeStore.Write(
            At(name),
            new EncoderDescription("test", "1", "", 50, width, 1),
            Enumerable
                .Range(0, clips)
                .Select(clip => new MadeClip($"/clips/{clip:00}.wav", $"l{clip % 3}", $"s{clip / 4}", Values(clip)))
        );
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> DeployLine(IEnumerable<string> arguments) =>
        ["deploy", "--host", SshServer.Name, "--program", Program, .. arguments];

    private static string MakeSlim()
    {
        var from = Path.GetDirectoryName(BuiltProgram.Prepare(".").FileName)!;
        var to = Path.Combine(AppContext.BaseDirectory, "program-to-deploy");
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(from, file);
            var isElsewhere =
                path.StartsWith("runtimes/", StringComparison.Ordinal)
                && !path.StartsWith($"runtimes/{RuntimeInformation.RuntimeIdentifier}/", StringComparison.Ordinal);
            if (
                isElsewhere
                || Path.GetExtension(path) is ".pdb" or ".xml"
                || path.Contains("libonnxruntime", StringComparison.Ordinal)
            )
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, path))!);
            File.Copy(file, Path.Combine(to, path));
        }
        return to;
    }
}
