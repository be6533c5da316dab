using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

public sealed class CsvTableTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_cell_that_is_too_long_is_rejected_with_the_limit_and_its_line()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            Read($"path,label\na.wav,{new string('x', 70_000)}\n")
        );
        Assert.Equal("a cell of more than 65536 characters in line 2", exception.Found);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void A_byte_order_mark_is_no_part_of_the_first_column(string encoding)
    {
        var table = Read("\"path\",label\r\nÀ.wav,gaïté\r\n", Encoding.GetEncoding(encoding));
        Assert.Equal(["path", "label"], table.Columns);
        Assert.Equal(["À.wav", "gaïté"], Assert.Single(table.Rows).Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF_16_without_a_mark_is_recognized(bool bigEndian)
    {
        var table = Read("path\tlabel\nb.wav\tsad\n", new UnicodeEncoding(bigEndian, byteOrderMark: false));
        Assert.Equal("sad", Assert.Single(table.Rows)["label"]);
    }

    [Theory]
    [InlineData("path,label\na.wav,sad\nb.wav,fr\u00F6hlich\n", "latin1", 29, "0xF6 in line 3")]
    [InlineData("path,label\r\na.wav,\u0093sad\u0094\r\n", "windows-1252", 18, "0x93 in line 2")]
    public void Another_encoding_is_an_error_with_byte_line_and_remedy(
        string text,
        string codePage,
        long offset,
        string found
    )
    {
        var exception = Assert.Throws<InvalidFileException>(() => Read(text, Encoding.Latin1));
        Assert.Equal(offset, exception.Offset);
        Assert.Contains(found, exception.Found, StringComparison.Ordinal);
        Assert.Contains($"iconv -f {codePage} -t utf-8", exception.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path,label\na.wav,sad\n")]
    [InlineData("path;label\na.wav;sad\n")]
    [InlineData("path\tlabel\na.wav\tsad\n")]
    [InlineData("sep=;\r\npath;label\r\na.wav;sad\r\n")]
    [InlineData("\"sep=,\"\npath,label\na.wav,sad\n")]
    [InlineData("sep=\t\npath\tlabel\na.wav\tsad\n")]
    [InlineData("sep=|\npath|label\na.wav|sad\n")]
    [InlineData("\"path\";label;\"time, s\"\na.wav;sad;0,5\n")]
    [InlineData("path,label,\"a;b;c\"\na.wav,sad,1;2;3\n")]
    [InlineData("path\tlabel\ttext\na.wav\tsad\twell, well, well\n")]
    [InlineData("path,label\ra.wav,sad\r")]
    [InlineData("\n \n path , label \n\n \"a.wav\" , sad \n\n")]
    [InlineData(",path,label\n0,a.wav,sad\n")]
    [InlineData("path,label,\na.wav,sad,\n")]
    [InlineData("path,label\na.wav,sad,,\n")]
    [InlineData(",,path,label\n0,x,a.wav,sad\n")]
    public void Tables_of_all_dialects_have_the_same_cells(string text)
    {
        var row = Assert.Single(Read(text).Rows);
        Assert.Equal(("a.wav", "sad"), (row["path"], row["label"]));
    }

    [Fact]
    public void The_tab_of_a_tab_table_is_not_a_blank_around_an_empty_cell()
    {
        var table = Read("path\tlabel\tspeaker\na.wav\t\ts1\nb.wav\tsad\t\n\t\t\n");
        Assert.Equal(["a.wav", "", "s1"], table.Rows[0].Values);
        Assert.Equal(["b.wav", "sad", ""], table.Rows[1].Values);
    }

    [Theory]
    [InlineData("he said \"no\" to me", "he said \"no\" to me")]
    [InlineData("5' 11\"", "5' 11\"")]
    [InlineData("\"one \"\"two\"\" three\"", "one \"two\" three")]
    [InlineData("\"a, b\r\nc\"", "a, b\r\nc")]
    [InlineData("\" padded \"", " padded ")]
    public void Quotes_hold_cells_together_and_are_text_elsewhere(string cell, string expected)
    {
        Assert.Equal(expected, Assert.Single(Read($"path,label,text\na.wav,sad,{cell}\n").Rows)["text"]);
    }

    [Theory]
    [InlineData("\"Hello\" he said")]
    [InlineData("\"never closed")]
    public void A_cell_of_a_tab_table_may_begin_with_a_quote_that_is_text(string cell)
    {
        var table = Read($"path\ttext\na.wav\t{cell}\nb.wav\tnext\n");
        Assert.Equal([cell, "next"], table.Rows.Select(row => row["text"]));
    }

    [Theory]
    [InlineData("path,text\na.wav,x\nb.wav,\"open\nc.wav,y\n", "a quote that does not close in line 3")]
    [InlineData("path,text\n\n\na.wav,\"two\nlines\"\nb.wav\n", "1 cells in line 6")]
    [InlineData("sep=,\npath,text\na.wav\n", "1 cells in line 3")]
    [InlineData("path,text\r\na.wav,x\r\nb.wav,\"x\" y\r\n", "with text after the closing quote in line 3")]
    [InlineData("path,text\ra.wav,x\rb.wav\r", "1 cells in line 3")]
    [InlineData("path,Text,text\n", "two columns 'text'")]
    [InlineData("path,text\na.wav,x\nb.wav,\0\n", "a zero byte in line 3")]
    public void Errors_have_the_number_of_the_line(string text, string found)
    {
        Assert.Contains(found, Assert.Throws<InvalidFileException>(() => Read(text)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_have_the_number_of_their_first_line()
    {
        var table = Read("path,text\r\na.wav,\"1\r\n2\r\n3\"\r\n\r\nb.wav,x\r\n");
        Assert.Equal([2, 6], table.Rows.Select(row => row.Line));
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest of a workbook", "a workbook")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer")]
    public void Another_format_is_named(string text, string found)
    {
        Assert.Contains(found, Assert.Throws<InvalidFileException>(() => Read(text)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        string[] cells = ["a, \"b\"", " x ", "one\ntwo", "", "tab\there", "semi;colon"];
        string[] columns = ["a", "b", "c", "d", "e", "f"];
        foreach (var delimiter in ",\t")
        {
            CsvTable.Write(folder.PathOf("t.csv"), columns, [cells, cells], delimiter);
            Assert.All(CsvTable.Read(folder.PathOf("t.csv")).Rows, row => Assert.Equal(cells, row.Values));
        }
    }

    private CsvTable Read(string text, Encoding? encoding = null)
    {
        var path = folder.PathOf("a.csv");
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return CsvTable.Read(path);
    }
}
