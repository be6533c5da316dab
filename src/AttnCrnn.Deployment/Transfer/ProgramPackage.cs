using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>A local folder with the program for one runtime identifier.</summary>
public sealed record ProgramPackage
{
    /// <summary>The program's file name.</summary>
    public const string Executable = "attn-crnn";

    // ELF header: e_machine is at byte 18.
    private const int ElfMachineOffset = 18;
    private const int ElfMachineX64 = 0x3e;
    private const int ElfMachineArm64 = 0xb7;

    private ProgramPackage(string folder, string name)
    {
        Folder = folder;
        Name = name;
    }

    /// <summary>The absolute local path.</summary>
    public string Folder { get; }

    /// <summary>The remote folder name, by contents, so that no program is replaced while a run uses it.</summary>
    public string Name { get; }

    /// <summary>Opens the program in a folder.</summary>
    /// <param name="runtimeIdentifier">linux-x64 or linux-arm64.</param>
    /// <exception cref="InvalidRemoteRequestException">
    /// The folder has no program, or a program for another runtime identifier.
    /// </exception>
    public static ProgramPackage Open(string folder, string runtimeIdentifier)
    {
        var program = Path.Combine(folder, Executable);
        if (!File.Exists(program))
            throw new InvalidRemoteRequestException(
                OptionText.Create(
                    $"{folder}: {Executable} not found; choose the output folder of dotnet publish with "
                        + $"{RemoteOptionKeys.Program}"
                )
            );
        if (DetectRuntimeIdentifier(program) is var actualIdentifier && actualIdentifier != runtimeIdentifier)
            throw new InvalidRemoteRequestException(
                $"{program} is built for {actualIdentifier ?? "an unsupported platform"}, and the machine is "
                    + $"{runtimeIdentifier}; "
                    + $"publish it with -r {runtimeIdentifier}"
            );
        return new(Path.GetFullPath(folder), $"{runtimeIdentifier}-{HashContents(folder)[..12]}");
    }

    /// <summary>A placeholder for a program that is not built yet, for a dry run.</summary>
    internal static ProgramPackage CreatePlaceholder(string folder, string runtimeIdentifier) =>
        new(folder, $"{runtimeIdentifier}-CONTENTS");

    /// <summary>Whether the folder contains the .NET runtime.</summary>
    public static bool IsSelfContained(string folder) => File.Exists(Path.Combine(folder, "libcoreclr.so"));

    /// <summary>linux-x64, linux-arm64, or null.</summary>
    internal static string? DetectRuntimeIdentifier(string program)
    {
        Span<byte> header = stackalloc byte[ElfMachineOffset + 2];
        using var file = File.OpenRead(program);
        if (
            file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header[..4].SequenceEqual("\u007fELF"u8)
        )
            return null;
        return (header[ElfMachineOffset] | (header[ElfMachineOffset + 1] << 8)) switch
        {
            ElfMachineX64 => "linux-x64",
            ElfMachineArm64 => "linux-arm64",
            _ => null,
        };
    }

    private static string HashContents(string folder)
    {
        var text = new StringBuilder();
        foreach (
            var file in new DirectoryInfo(folder)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
        )
            text.Append(Path.GetRelativePath(folder, file.FullName))
                .Append('\0')
                .Append(file.Length)
                .Append('\0')
                .Append(file.LastWriteTimeUtc.Ticks / TimeSpan.TicksPerSecond)
                .Append('\0');
        return Sha256.Compute(text.ToString());
    }
}
