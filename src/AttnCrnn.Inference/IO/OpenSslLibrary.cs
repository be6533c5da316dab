using System.Runtime.InteropServices;

namespace AttnCrnn.IO;

/// <summary>
/// OpenSSL's library, which .NET needs on Linux for HTTPS. If it is missing, .NET ends the process, so it must be
/// looked for first. Nothing else of the program needs it. AttnCrnn.Cli compiles this file as well.
/// </summary>
internal static class OpenSslLibrary
{
    /// <summary>How to install it, for messages.</summary>
    public const string Remedy = "sudo apt-get install libssl3 (Fedora: dnf install openssl-libs)";

    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"]; // the names that .NET looks for

    /// <summary>Whether this system has no TLS of its own that .NET uses.</summary>
    public static bool IsRequired => OperatingSystem.IsLinux();

    /// <summary>The name of the library; null if it is missing.</summary>
    public static string? Find() => Array.Find(Names, name => NativeLibrary.TryLoad(name, out _));
}
