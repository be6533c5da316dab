using System.Diagnostics;
using System.Globalization;
using AttnCrnn.Encoders;
using AttnCrnn.Models;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>samples/safetensors-python reads what the program exports.</summary>
[Requires("python3")]
public sealed class SafetensorsPythonTests : IDisposable
{
    // Runs the sample and prints the bytes of every tensor that it read.
    private const string PrintBytes = """
        import runpy, struct, sys
        sys.argv = sys.argv[1:]
        tensors = runpy.run_path(sys.argv[0])["tensors"]
        for name, (shape, values) in tensors.items():
            print("bytes", name, *shape, struct.pack(f"<{len(values)}f", *values).hex())
        """;

    private static readonly string Sample = Repository.Path("samples", "safetensors-python", "read.py");

    private readonly TempFolder folder = new();

    private readonly RandomModelBuilder model = RandomModelBuilder.Create(
        new NetworkOptions(80, 4) { LstmUnits = 8 },
        seed: 3,
        encoder: new LogMelEncoder().Description
    );

    public SafetensorsPythonTests()
    {
        ModelFileWriter.Write(folder.PathOf("m.keras"), model.Model, model.Tensors);
        var (code, output, error) = BuiltProgram.Run(folder.Path, "export", "m.keras", "--to", "safetensors");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            [folder.PathOf("m.safetensors"), folder.PathOf("m.json")],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_sample_prints_the_labels_and_each_tensor()
    {
        var lines = RunPython(Sample, folder.PathOf("m.safetensors"));
        Assert.Equal(model.Model.Labels.Prepend("v2"), lines[0].Split('\t'));
        Assert.Equal(model.Tensors.Count, lines.Length - 1);
        foreach (var (tensor, line) in model.Tensors.Zip(lines.Skip(1)))
        {
            var fields = line.Split('\t');
            Assert.Equal((tensor.Name, $"[{string.Join(", ", tensor.Shape)}]"), (fields[0], fields[1]));
            Assert.Equal(tensor.Values[0], (float)double.Parse(fields[2], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void The_sample_reads_the_bits_of_every_weight()
    {
        var lines = RunPython("-c", PrintBytes, Sample, folder.PathOf("m.safetensors"));
        Assert.Equal(
            model.Tensors.Select(tensor =>
                string.Join(
                    ' ',
                    ["bytes", tensor.Name, .. tensor.Shape.Select(size => $"{size}"), ToHex(tensor.Values)]
                )
            ),
            lines.Where(line => line.StartsWith("bytes ", StringComparison.Ordinal))
        );
    }

    private static string ToHex(float[] values) =>
        Convert.ToHexStringLower([.. values.SelectMany(BitConverter.GetBytes)]);

    private static string[] RunPython(params string[] arguments)
    {
        var start = new ProcessStartInfo(SystemProgram.Find("python3"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONUTF8"] = "1";
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
