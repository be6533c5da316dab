using System.Diagnostics;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.IntegrationTests.Training;

/// <summary>Training on a disk that is full or read-only.</summary>
public sealed class TrainerDiskTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("size=15m")] // fits the model and one checkpoint, but not a second one
    [InlineData("ro")]
    [Requires("tmpfs")]
    public void A_full_or_read_only_disk_is_reported_with_the_intact_files(string mount)
    {
        var disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", mount, "tmpfs", disk));
        try
        {
            var options = new TrainingOptions
            {
                Epochs = 9,
                BatchSize = 8,
                Threads = 1,
            };
            var job = TrainingJobBuilder.Create(folder.PathOf("full"), options) with
            {
                Folder = Path.Combine(disk, "run"),
            };
            using var trainer = new Trainer(job, TimeProvider.System);
            var exception = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.Contains("could not be written", exception.Message, StringComparison.Ordinal);
            Assert.Contains(
                mount == "ro" ? "Nothing was saved" : "Intact files: ",
                exception.Message,
                StringComparison.Ordinal
            );
            AssertIntact(job.Folder);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    // Complete checkpoints and models, and no partial files.
    private static void AssertIntact(string run)
    {
        var files = Directory.Exists(run) ? Directory.GetFiles(run, "*", SearchOption.AllDirectories) : [];
        foreach (var path in files)
        {
            Assert.False(Path.GetFileName(path).StartsWith('.'), path);
            if (path.EndsWith(".safetensors", StringComparison.Ordinal))
                SafetensorsFile.Open(path).Dispose();
            else if (path.EndsWith(ModelFile.Extension, StringComparison.Ordinal))
                ModelFile.Read(path);
        }
    }
}
