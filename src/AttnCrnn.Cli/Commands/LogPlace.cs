using System.Globalization;
using System.Text;

namespace AttnCrnn.Cli.Commands;

/// <summary>How much of a run's log was shown here, kept beside the run's other files: whoever looks again sees what comes next.</summary>
internal sealed class LogPlace : IDisposable
{
    private const int Digits = 19;

    private readonly FileStream file;

    /// <param name="folder">logs/RUN.</param>
    public LogPlace(string folder)
    {
        Directory.CreateDirectory(folder);
        file = new(Path.Combine(folder, ".shown"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        Span<byte> text = stackalloc byte[Digits];
        var count = file.ReadAtLeast(text, Digits, throwOnEndOfStream: false);
        Offset = long.TryParse(text[..count], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
    }

    /// <summary>Bytes that were shown before.</summary>
    public long Offset { get; }

    /// <summary>Always as many digits, in one write: a kill leaves the old number or the new one.</summary>
    public void Keep(long offset) => RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(offset.ToString($"D{Digits}", CultureInfo.InvariantCulture)), 0);

    public void Dispose() => file.Dispose();
}
