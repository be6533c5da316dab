using System.Text;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>A folder here with the program for some kind of machine.</summary>
public sealed record ProgramPackage
{
    /// <summary>The program's file in its folder.</summary>
    public const string Executable = "attn-crnn";

    // Of ELF: the machine's number stands at byte 18.
    private const int MachineAt = 18,
        X64 = 0x3e,
        Arm64 = 0xb7;

    private ProgramPackage(string folder, string name) => (Folder, Name) = (folder, name);

    /// <summary>Absolute, here.</summary>
    public string Folder { get; }

    /// <summary>Of its folder there: another program has another, so that none is replaced under a run that uses it.</summary>
    public string Name { get; }

    /// <summary>The program in a folder.</summary>
    /// <param name="kind">linux-x64 or linux-arm64.</param>
    /// <exception cref="RemoteRefusedException">There is no program in the folder, or one for other machines.</exception>
    public static ProgramPackage In(string folder, string kind)
    {
        var program = Path.Combine(folder, Executable);
        if (!File.Exists(program))
            throw new RemoteRefusedException(
                $"{folder}: no {Executable} in it; name the folder that dotnet publish wrote with --program"
            );
        if (KindOf(program) is var found && found != kind)
            throw new RemoteRefusedException(
                $"{program} is made for {found ?? "something else than Linux on x86_64 or aarch64"}, and the machine is {kind}; publish it with -r {kind}"
            );
        return new(Path.GetFullPath(folder), $"{kind}-{Contents(folder)[..12]}");
    }

    /// <summary>One that is not built yet, for commands that are shown and not run.</summary>
    internal static ProgramPackage ToBe(string folder, string kind) => new(folder, $"{kind}-CONTENTS");

    /// <summary>Whether a folder holds .NET itself beside the program, so that the machine needs none.</summary>
    public static bool IsSelfContained(string folder) => File.Exists(Path.Combine(folder, "libcoreclr.so"));

    /// <summary>linux-x64, linux-arm64, or null.</summary>
    internal static string? KindOf(string program)
    {
        Span<byte> head = stackalloc byte[MachineAt + 2];
        using var file = File.OpenRead(program);
        if (
            file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !head[..4].SequenceEqual("\u007fELF"u8)
        )
            return null;
        return (head[MachineAt] | (head[MachineAt + 1] << 8)) switch
        {
            X64 => "linux-x64",
            Arm64 => "linux-arm64",
            _ => null,
        };
    }

    private static string Contents(string folder)
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
        return DataFolder.Hash(text.ToString());
    }
}
