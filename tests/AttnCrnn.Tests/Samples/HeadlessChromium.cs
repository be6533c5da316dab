using System.Diagnostics;
using System.Text;

namespace AttnCrnn.Tests.Samples;

/// <summary>A browser without a window, on one page, which talks to nobody but its server.</summary>
internal sealed class HeadlessChromium : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder complaints = new();

    private HeadlessChromium(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("dbus", StringComparison.Ordinal) == false)
                complaints.AppendLine(line.Data); // which a bare machine has not
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What it said, its pages' console in it.</summary>
    public string Complaints => complaints.ToString();

    /// <param name="folder">Where its profile goes.</param>
    public static HeadlessChromium Open(string page, TempFolder folder)
    {
        var program = SystemProgram.Find("chromium", "chromium-browser", "google-chrome");
        string[] flags =
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            "--remote-debugging-port=0",
            $"--user-data-dir={folder.At("profile")}",
            page, // with debugging it stays until it is ended
        ];
        return new(
            Process.Start(
                new ProcessStartInfo(program, flags) { RedirectStandardError = true, RedirectStandardOutput = true }
            )!
        );
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
