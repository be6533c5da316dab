using System.Text;
using System.Xml;
using AttnCrnn.IO;
using XmlNode = AttnCrnn.IO.XmlNode;

namespace AttnCrnn.Tests.IO;

/// <summary>Against System.Xml, which the tests may use.</summary>
public sealed class XmlScannerTests
{
    [Theory]
    [InlineData("<a/>")]
    [InlineData("<a><b>one</b> two <b/>three</a>")]
    [InlineData("\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<a>x</a>\n")]
    [InlineData("<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#x1F600;</a>")]
    [InlineData("<a x='1' y=\"a &amp; &#34;b&#34;\n\tc&#10;\" z = \"\" /> ")]
    [InlineData("<!-- - ? <b> --><a><!----><?go <b>?>t<![CDATA[<&>]]]></a><!-- end -->")]
    [InlineData("<n:a xmlns:n='u'><n:b>x</n:b\n></n:a>")]
    [InlineData("<a>one\r\ntwo\rthree\nfour\tfive</a>")]
    [InlineData("<größe>ä€😀</größe>")]
    public void A_document_is_read_as_System_Xml_reads_it(string document) =>
        Assert.Equal(ReadWithSystemXml(document), Scan(document));

    [Fact]
    public void UTF_16_is_recognized_by_its_mark() =>
        Assert.Equal(
            ["<a>", "ä", "</a>"],
            Scan([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<a>ä</a>")])
        );

    [Theory]
    [InlineData("", "no element (line 1)")]
    [InlineData("<a>\n<b>", "the document ends within <b> (line 2)")]
    [InlineData("<a><b></a></b>", "</a>, expected </b>")]
    [InlineData("<a/></a>", "</a>, expected no end tag")]
    [InlineData("<a/><b/>", "<b> after the end of the document")]
    [InlineData("<a/>text", "text outside of the elements")]
    [InlineData("<a><b", "the document ends within a tag or reference")]
    [InlineData("<a><!-- ", "the document ends within a tag or reference")]
    [InlineData("<a b=c/>", "attribute b without quotes")]
    [InlineData("<a b='<'/>", "< in the attribute b")]
    [InlineData("<a b='1' b='2'/>", "two attributes b")]
    [InlineData("<a>1 < 2</a>", "a tag without a name")]
    [InlineData("<a>&nbsp;</a>", "&nbsp;, an entity that XML does not define")]
    [InlineData("<a>fish & chips, and more</a>", "& chips, and without a semicolon")]
    [InlineData("<a>&#xD800;</a>", "a reference to the character D800")]
    [InlineData("<a>&#0;</a>", "a reference to the character 0")]
    [InlineData("<a>\u0001</a>", "the character U+0001")]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "a document type, which is not read")]
    [InlineData("<?xml version='1.0' encoding='latin1'?><a/>", "encoding latin1, expected UTF-8 or UTF-16")]
    public void What_is_wrong_is_named(string document, string found) =>
        Assert.Contains(found, Assert.Throws<FormatException>(() => Scan(document)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_named() =>
        Assert.Contains(
            "no UTF-8",
            Assert.Throws<FormatException>(() => Scan([.. "<a>"u8, 0xff, .. "</a>"u8])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000));
        Assert.Contains(
            "256 elements",
            Assert.Throws<FormatException>(() => Scan(deep)).Message,
            StringComparison.Ordinal
        );
        var name = $"<{new string('a', 5000)}/>";
        Assert.Contains(
            "1024 characters",
            Assert.Throws<FormatException>(() => Scan(name)).Message,
            StringComparison.Ordinal
        );
        var text = $"<a>{new string('x', 2_000_000)}</a>";
        Assert.Contains(
            "1000000 characters",
            Assert.Throws<FormatException>(() => Scan(text)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_changed_document_is_refused_or_read_as_System_Xml_reads_it()
    {
        const string document =
            "<?xml version=\"1.0\"?><w:a xmlns:w=\"u\" k='v'><!-- c --><b "
            + "x=\"1&amp;2\">t&#65;&lt;</b><c/><![CDATA[d]]></w:a>";
        var random = new Random(1);
        var read = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var changed = Change(document, random);
            List<string>? scanned = null;
            List<string>? expected = null;
            var exception = Record.Exception(() => scanned = Scan(changed));
            Assert.True(exception is null or FormatException, $"{changed}: {exception}");
            // System.Xml is stricter: names, namespaces, versions, "--" in comments.
            if (exception is null && Record.Exception(() => expected = ReadWithSystemXml(changed)) is null)
            {
                Assert.Equal(expected, scanned);
                read++;
            }
        }
        Assert.InRange(read, 300, 4_000);
    }

    private static string Change(string document, Random random)
    {
        const string marks = "<>/&;!?-[]\"'= ab1#x:\r\n";
        var text = new StringBuilder(document);
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var position = random.Next(text.Length);
            if (random.Next(3) == 0)
                text.Remove(position, random.Next(1, Math.Min(8, text.Length - position) + 1));
            else
                text.Insert(position, marks[random.Next(marks.Length)]);
        }
        return text.ToString();
    }

    private static List<string> Scan(string document) => Scan(Encoding.UTF8.GetBytes(document));

    private static List<string> Scan(byte[] document)
    {
        List<string> nodes = [];
        using var scanner = new XmlScanner(new MemoryStream(document), 1_000_000);
        while (scanner.Read())
            nodes.Add(
                scanner.Node switch
                {
                    XmlNode.Start => $"<{scanner.Name}{DescribeAttributes(scanner.GetAttribute)}>",
                    XmlNode.End => $"</{scanner.Name}>",
                    _ => scanner.Text,
                }
            );
        return JoinTexts(nodes);
    }

    private static List<string> ReadWithSystemXml(string document)
    {
        List<string> nodes = [];
        using var xml = XmlReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(document)));
        while (xml.Read())
            if (xml.NodeType == XmlNodeType.Element)
            {
                nodes.Add($"<{xml.LocalName}{DescribeAttributes(xml.GetAttribute)}>");
                if (xml.IsEmptyElement)
                    nodes.Add($"</{xml.LocalName}>");
            }
            else if (xml.NodeType == XmlNodeType.EndElement)
                nodes.Add($"</{xml.LocalName}>");
            else if (xml.Depth > 0 && xml.NodeType is not (XmlNodeType.Comment or XmlNodeType.ProcessingInstruction))
                nodes.Add(xml.Value);
        return JoinTexts(nodes);
    }

    private static string DescribeAttributes(Func<string, string?> get) =>
        string.Concat(
            ((string[])["k", "x", "y", "z"]).Select(name => get(name) is { } value ? $" {name}={value}" : "")
        );

    // Readers divide texts at comments and references differently.
    private static List<string> JoinTexts(List<string> nodes)
    {
        List<string> joined = [];
        var isText = false;
        foreach (var node in nodes.Where(node => node.Length > 0))
        {
            var isTag = node.StartsWith('<') && node.EndsWith('>') && node.Length > 2;
            if (isText && !isTag)
                joined[^1] += node;
            else
                joined.Add(node);
            isText = !isTag;
        }
        return joined;
    }
}
