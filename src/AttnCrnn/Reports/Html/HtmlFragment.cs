using System.Diagnostics.CodeAnalysis;

namespace AttnCrnn.Reports.Html;

/// <summary>HTML that <see cref="HtmlWriter"/> writes as it is.</summary>
internal readonly record struct HtmlFragment
{
    private readonly string? html;

    private HtmlFragment(string html) => this.html = html;

    /// <summary>Markup of this program. Only a constant is accepted, so that no input gets through unescaped.</summary>
    public static HtmlFragment FromConstant([ConstantExpected] string html) => new(html);

    /// <summary>The markup.</summary>
    public override string ToString() => html ?? "";
}
