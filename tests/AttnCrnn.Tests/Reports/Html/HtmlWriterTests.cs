using System.Globalization;
using System.Net;
using System.Xml.Linq;
using AttnCrnn.Reports.Html;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AttnCrnn.Tests.Reports.Html;

public sealed class HtmlWriterTests
{
    private const string Hostile = """<script>alert("x")</script> & 'y' "onload="z""";

    private static readonly HtmlFragment Break = HtmlFragment.FromConstant("<br/>");

    [Fact]
    public void Interpolated_values_are_escaped_in_text_and_attributes()
    {
        var page = new HtmlWriter();
        page.Write($"""<td class="{Hostile}">{Hostile}</td>""");
        const string Escaped =
            "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39; &quot;onload=&quot;z";
        Assert.Equal($"""<td class="{Escaped}">{Escaped}</td>""", page.ToString());
        var cell = XElement.Parse(page.ToString());
        Assert.Equal(Hostile, cell.Value);
        Assert.Equal(Hostile, (string?)Assert.Single(cell.Attributes()));
    }

    [Fact]
    public void Characters_are_escaped_like_strings()
    {
        var page = new HtmlWriter();
        page.Write($"{'<'}{'a'}{'"'}");
        Assert.Equal("&lt;a&quot;", page.ToString());
    }

    [Fact]
    public void Markup_constants_and_fragments_are_not_escaped()
    {
        var page = new HtmlWriter();
        page.Write($"<p>a &amp; b{Break}</p>");
        page.Write($"<hr/>");
        Assert.Equal("<p>a &amp; b<br/></p><hr/>", page.ToString());
    }

    [Fact]
    public void Nothing_is_written_for_null_and_for_an_empty_fragment()
    {
        var page = new HtmlWriter();
        page.Write($"<p>{(string?)null}{default(HtmlFragment)}</p>");
        Assert.Equal("<p></p>", page.ToString());
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var originalCulture = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus ";
        CultureInfo.CurrentCulture = culture;
        try
        {
            var page = new HtmlWriter();
            page.Write($"{-1234567} {-0.25:0.0000}");
            Assert.Equal("-1234567 -0.2500", page.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = originalCulture;
        }
    }

    [Fact]
    public void Every_character_is_escaped_as_by_NET_except_those_that_XML_forbids()
    {
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var character = (char)code;
            var expected =
                char.IsControl(character) || char.IsSurrogate(character)
                    ? "\uFFFD"
                    : WebUtility.HtmlEncode($"{character}");
            var page = new HtmlWriter();
            page.Write($"a{$"{character}"}b");
            Assert.True($"a{expected}b" == page.ToString(), $"U+{code:X4}: {page}");
        }
    }

    [Theory]
    [InlineData("page.Write($\"<p>{text}</p>\");", true)]
    [InlineData("page.Write(text);", false)]
    [InlineData("page.Write(\"<p>\" + text);", false)]
    [InlineData("page.Write($\"<p>\" + text);", false)]
    [InlineData("page.Write($\"{(object)text}\");", false)]
    [InlineData("page.Write($\"{1.5}\");", false)]
    [InlineData("page.Write($\"{System.DayOfWeek.Friday}\");", false)]
    [InlineData("page.Write($\"{new HtmlFragment(text)}\");", false)]
    [InlineData("HtmlFragment fragment = text;", false)]
    public void An_unescaped_string_does_not_compile(string statement, bool compiles)
    {
        var source = $$"""
            using AttnCrnn.Reports.Html;
            class Program { void Run(HtmlWriter page, string text) { {{statement}} } }
            """;
        var references = $"{AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")}"
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        // The library shows its internal types to an assembly of this name.
        var compilation = CSharpCompilation.Create(
            typeof(HtmlWriterTests).Assembly.GetName().Name,
            [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)],
            references.Where(reference => Path.GetFileName(reference.FilePath) != "AttnCrnn.Tests.dll"),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        var errors = compilation
            .GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(compiles, !errors.Any());
    }
}
