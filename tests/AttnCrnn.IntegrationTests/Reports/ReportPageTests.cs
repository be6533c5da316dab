using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AttnCrnn.IntegrationTests.Reports;

/// <summary>The report and the comparison in Chromium, opened from disk.</summary>
[Requires("chromium")]
public sealed class ReportPageTests(ReportPages pages, Browser browser)
    : IClassFixture<ReportPages>,
        IClassFixture<Browser>
{
    private const int Desktop = 1280;
    private const int Phone = 390;

    public static TheoryData<string, int, ColorScheme, Media> Appearances { get; } = CreateAppearances();

    [Theory]
    [InlineData("report")]
    [InlineData("comparison")]
    [InlineData("model card")]
    public async Task A_page_requests_nothing_but_itself_and_has_no_console_errors(string name)
    {
        await using var page = await browser.OpenAsync(pages.GetPath(name));
        await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Equal([new Uri(pages.GetPath(name)).AbsoluteUri], page.Requests);
        Assert.Empty(page.Errors);
    }

    [Theory, MemberData(nameof(Appearances))]
    public async Task Axe_finds_nothing_serious(string name, int width, ColorScheme colors, Media media)
    {
        await using var page = await browser.OpenAsync(pages.GetPath(name), width);
        await page.Page.EmulateMediaAsync(
            new()
            {
                ColorScheme = colors,

                Media = media,
            }
        );
        await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        var result = await page.Page.RunAxe();
        Assert.NotEmpty(result.Passes);
        Assert.Empty(
            result
                .Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation =>
                    $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(5).Select(node => node.Html))}"
                )
        );
    }

    [Fact]
    public async Task A_table_is_sorted_by_mouse_and_keyboard_and_says_so()
    {
        await using var page = await browser.OpenAsync(pages.Report);
        var table = FindTable(page, "Per-class metrics");
        var recall = table.Locator("thead th").Nth(2);
        await recall.Locator("button").ClickAsync();
        Assert.Equal("ascending", await recall.GetAttributeAsync("aria-sort"));
        var ascending = await ReadColumnAsync(table, 2);
        Assert.Equal(ascending.OrderBy(ParsePercent), ascending);
        await recall.Locator("button").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("descending", await recall.GetAttributeAsync("aria-sort"));
        Assert.Equal(ascending.OrderByDescending(ParsePercent), await ReadColumnAsync(table, 2));
        await table.Locator("thead th button").First.ClickAsync();
        Assert.Null(await recall.GetAttributeAsync("aria-sort"));
        Assert.Equal(["angry", "calm", "happy", "sad"], await ReadColumnAsync(table, 0));
    }

    [Fact]
    public async Task Means_stay_below_the_rows_that_are_sorted()
    {
        await using var page = await browser.OpenAsync(pages.Report);
        var table = FindTable(page, "Cross-validation folds");
        await table.Locator("thead th button").First.ClickAsync();
        await table.Locator("thead th button").First.ClickAsync();
        Assert.Equal(["3", "2", "1"], await ReadColumnAsync(table, 0));
        Assert.Equal("mean ± std", await table.Locator("tfoot th").InnerTextAsync());
    }

    [Fact]
    public async Task An_embedded_recording_plays()
    {
        await using var page = await browser.OpenAsync(pages.Report);
        const string play = """
            async () => {
              const audio = document.querySelector('audio');
              audio.muted = true;
              await audio.play();
              await new Promise(resolve => audio.addEventListener('ended', resolve));
              return audio.currentTime;
            }
            """;
        Assert.Equal(1.0, await page.Page.EvaluateAsync<double>(play), 0.05);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("comparison")]
    public async Task On_a_phone_only_tables_scroll_sideways_and_with_a_hint(string name)
    {
        await using var page = await browser.OpenAsync(pages.GetPath(name), Phone);
        await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        await page.Page.EvaluateAsync("() => new Promise(requestAnimationFrame)"); // after the toggle events
        Assert.Equal(Phone, await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        const string count = """
            () => [...document.querySelectorAll('.scroll')]
              .filter(box => box.scrollWidth > box.clientWidth + 1)
              .map(box => [box.tabIndex, box.nextElementSibling.checkVisibility()].join(' '))
            """;
        var hints = await page.Page.EvaluateAsync<string[]>(count);
        Assert.NotEmpty(hints);
        Assert.All(hints, hint => Assert.Equal("0 true", hint));
    }

    [Fact]
    public async Task Charts_follow_the_dark_theme_but_print_is_light()
    {
        await using var page = await browser.OpenAsync(pages.Report);
        var light = await ReadColorsAsync(page, ColorScheme.Light, Media.Screen);
        var dark = await ReadColorsAsync(page, ColorScheme.Dark, Media.Screen);
        Assert.All(light.Zip(dark), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(light, await ReadColorsAsync(page, ColorScheme.Dark, Media.Print));
    }

    private static async Task<string[]> ReadColorsAsync(BrowserPage page, ColorScheme colors, Media media)
    {
        await page.Page.EmulateMediaAsync(
            new()
            {
                ColorScheme = colors,

                Media = media,
            }
        );
        const string read = """
            () => [
              getComputedStyle(document.body).backgroundColor,
              getComputedStyle(document.querySelector('svg text')).fill,
              getComputedStyle(document.querySelector('svg path')).stroke,
            ]
            """;
        return await page.Page.EvaluateAsync<string[]>(read);
    }

    private static ILocator FindTable(BrowserPage page, string section) =>
        page
            .Page.Locator("section", new() { Has = page.Page.GetByRole(AriaRole.Heading, new() { Name = section }) })
            .Locator("table");

    private static async Task<IReadOnlyList<string>> ReadColumnAsync(ILocator table, int column) =>
        await table.Locator($"tbody tr > :nth-child({column + 1})").AllInnerTextsAsync();

    // Of a cell with an interval on its second line.
    private static double ParsePercent(string text) =>
        double.Parse(text.Split('%')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static TheoryData<string, int, ColorScheme, Media> CreateAppearances()
    {
        var data = new TheoryData<string, int, ColorScheme, Media>();
        foreach (var name in (string[])["report", "comparison", "model card"])
        {
            foreach (var colors in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                data.Add(name, Desktop, colors, Media.Screen);
                data.Add(name, Phone, colors, Media.Screen);
            }
            data.Add(name, Desktop, ColorScheme.Light, Media.Print);
        }
        return data;
    }
}
