using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Disks that cannot take what a training writes.</summary>
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
        var disk = folder.At("disk");
        Directory.CreateDirectory(disk);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", mount, "tmpfs", disk));
        try
        {
            var job = Job(
                "full",
                new TrainingOptions
                {
                    Epochs = 9,
                    BatchSize = 8,
                    Threads = 1,
                }
            ) with
            {
                Folder = Path.Combine(disk, "run"),
            };
            using var trainer = new Trainer(job, TimeProvider.System);
            var fault = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.Contains("could not be written", fault.Message, StringComparison.Ordinal);
            Assert.Contains(
                mount == "ro" ? "Nothing was saved" : "Intact files: ",
                fault.Message,
                StringComparison.Ordinal
            );
            foreach (
                var path in Directory.Exists(job.Folder)
                    ? Directory.GetFiles(job.Folder, "*.safetensors", SearchOption.AllDirectories)
                    : []
            )
                SafetensorsFile.Open(path).Dispose(); // every file is intact
            foreach (
                var path in Directory.Exists(job.Folder)
                    ? Directory.GetFiles(job.Folder, "*" + ModelFile.Extension)
                    : []
            )
                ModelFile.Read(path);
            Assert.Empty(
                Directory.Exists(job.Folder) ? Directory.GetFiles(job.Folder, ".*", SearchOption.AllDirectories) : []
            );
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.At(name), options);

    private static int Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
