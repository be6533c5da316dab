using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Formats.Hdf5;

/// <summary>Debian's python3-h5py, on the HDF Group's C library: writes and lists files for tests.</summary>
internal static class H5py
{
    private const string Python = "/usr/bin/python3"; // python3 in PATH may be another one, without Debian's packages

    // Groups with their string attributes, arrays with shape, type and values: floats as float32, integers as int64, in
    // hexadecimal.
    private const string Listing = """
        def line(path, item):
            if isinstance(item, h5py.Group):
                texts = {k: v.decode() if isinstance(v, bytes) else v
                         for k, v in item.attrs.items() if isinstance(v, (str, bytes))}
                print(' '.join([f"group {path}"] + [f"{k}={texts[k]}" for k in sorted(texts)]))
            else:
                values = item[()]
                kind = item.dtype.name
                if item.attrs.get('dtype') == 'bfloat16':
                    kind, values = 'bfloat16', (values.view('<u2').astype('<u4') << 16).view('<f4')
                wide = values.astype('<i8' if kind.startswith(('int', 'uint')) else '<f4')
                print(f"array {path} {list(item.shape)} {kind} {wide.tobytes().hex().upper()}")
        for path in sys.argv[1:]:
            with h5py.File(path) as file:
                line('', file)
                file.visititems(line)
                print('end of file')
        """;

    /// <summary>Lists each file: sorted lines "group PATH NAME=TEXT" and "array PATH SHAPE TYPE VALUES".</summary>
    public static string[][] List(params byte[][] images)
    {
        using var folder = new CheckpointBuilder();
        for (var i = 0; i < images.Length; i++)
            folder.WithFile($"{i}", images[i]);
        return Lines(Run(Listing, [.. Enumerable.Range(0, images.Length).Select(i => folder.PathOf($"{i}"))]));
    }

    /// <summary>Runs Python lines that write into <c>file</c>; returns the file and its listing.</summary>
    /// <param name="options">Arguments for h5py.File, as in <c>libver='latest'</c>.</param>
    public static (byte[] Image, string[] Lines) Write(string lines, string options = "")
    {
        using var folder = new CheckpointBuilder();
        var output = Run(CreateScript(lines, options) + Listing, folder.PathOf("0"));
        return (File.ReadAllBytes(folder.PathOf("0")), Lines(output)[0]);
    }

    /// <summary>Writes one file per script, without a listing.</summary>
    public static byte[][] WriteUnlisted(string[] scripts, string options)
    {
        using var folder = new CheckpointBuilder();
        string[] paths = [.. scripts.Select((_, i) => folder.PathOf($"{i}"))];
        Run(string.Concat(scripts.Select((lines, i) => CreateScript(lines, options, i + 1))), paths);
        return [.. paths.Select(File.ReadAllBytes)];
    }

    /// <summary>The output of a script.</summary>
    public static string Run(string script, params string[] arguments)
    {
        var (exitCode, output) = Start("import sys, h5py\n" + script, arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static string CreateScript(string lines, string options, int argument = 1) =>
        $"""
            import numpy as np
            with h5py.File(sys.argv[{argument}], 'w', {options}) as file:
                {string.Join("\n    ", lines.Split('\n'))}

            """;

    private static string[][] Lines(string output) =>
        [
            .. output
                .Split("end of file\n")[..^1]
                .Select(file => Hdf5Listing.Sort(file.Split('\n', StringSplitOptions.RemoveEmptyEntries))),
        ];

    private static (int ExitCode, string Output) Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONUTF8"] = "1";
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, child.ExitCode == 0 ? output : error.Result);
    }
}
