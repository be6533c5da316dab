using Microsoft.Playwright;

namespace AttnCrnn.IntegrationTests.Reports;

/// <summary>The system's Chromium, driven by Playwright, which downloads nothing.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = SystemProgram.Find("chromium", "chromium-browser", "google-chrome"),
                Args = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
            }
        );
    }

    /// <summary>Opens a file in a new window.</summary>
    /// <param name="width">Width of the window in CSS pixels.</param>
    internal async Task<BrowserPage> OpenAsync(string path, int width = 1280)
    {
        var context = await chromium!.NewContextAsync(
            new()
            {
                ViewportSize = new()
                {
                    Width = width,

                    Height = 900,
                },
            }
        );
        return await BrowserPage.OpenAsync(context, path);
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}
