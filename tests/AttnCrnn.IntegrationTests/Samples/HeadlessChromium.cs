using System.Diagnostics;
using System.Text;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>A headless browser on one page, which connects only to its server.</summary>
internal sealed class HeadlessChromium : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();

    private HeadlessChromium(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("dbus", StringComparison.Ordinal) == false)
                errors.AppendLine(line.Data); // ignores the missing D-Bus
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Its log, including the page's console.</summary>
    public string Errors => errors.ToString();

    /// <param name="folder">The folder for its profile.</param>
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
            $"--user-data-dir={folder.PathOf("profile")}",
            page, // with debugging on, it runs until it is killed
        ];
        return new(
            Process.Start(
                new ProcessStartInfo(program, flags)
                {
                    RedirectStandardError = true,

                    RedirectStandardOutput = true,
                }
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
