using Microsoft.Playwright;

namespace AttnCrnn.IntegrationTests.Reports;

/// <summary>A page of the browser, with everything that it asked for and complained about.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> requests = [];
    private readonly List<string> errors = [];

    private BrowserPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Request += (_, request) => requests.Add(request.Url);
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Addresses of all requests, without those of data in the page.</summary>
    public IEnumerable<string> Requests =>
        requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal));

    /// <summary>Errors of scripts, and what the console has as an error or a warning.</summary>
    public IReadOnlyList<string> Errors => errors;

    public static async Task<BrowserPage> OpenAsync(IBrowserContext context, string path)
    {
        var page = new BrowserPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(new Uri(path).AbsoluteUri, new() { WaitUntil = WaitUntilState.Load });
        return page;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
