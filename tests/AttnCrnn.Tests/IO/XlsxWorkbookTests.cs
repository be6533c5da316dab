using System.IO.Compression;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

public sealed class XlsxWorkbookTests : IDisposable
{
    private const string Namespace = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    private readonly TempFolder folder = new();

    private string Workbook => folder.PathOf("table.xlsx");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shared_inline_and_computed_texts_are_read_and_empty_cells_are_empty()
    {
        Write(
            (
                "xl/sharedStrings.xml",
                $"<sst {Namespace}><si><t>File</t></si><si><r><t>Ann</t></r><r><t>a B</t></r></si></sst>"
            ),
            (
                "xl/worksheets/sheet1.xml",
                $"<worksheet {Namespace}><sheetData><row><c r=\"A1\" t=\"s\"><v>0</v></c>"
                    + "<c r=\"C1\" t=\"inlineStr\"><is><t> speaker</t></is></c></row>"
                    + "<row><c r=\"A2\" t=\"str\"><f>1+1</f><v>one</v></c><c r=\"C2\" t=\"s\"><v>1</v></c></row>"
                    + "<row><c r=\"A3\"><v>2</v></c></row></sheetData></worksheet>"
            ),
            ("xl/worksheets/sheet2.xml", $"<worksheet {Namespace}><sheetData/></worksheet>")
        );
        Assert.Equal(
            [
                ["one", "Anna B"],
                ["2", ""],
            ],
            XlsxWorkbook.ReadRows(Workbook, "file", "speaker")
        );
    }

    [Fact]
    public void Entities_runs_hints_and_empty_elements_are_read_as_spreadsheets_show_them()
    {
        Write(
            (
                "xl/sharedStrings.xml",
                $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><x:sst xmlns:x=\"u\"><x:si><x:t>file</x:t></x:si>"
                    + "<x:si><x:t xml:space=\"preserve\"> A &amp; &#x42;</x:t><x:rPh "
                    + "sb=\"0\"><x:t>hint</x:t></x:rPh></x:si>"
                    + "<x:si/></x:sst>"
            ),
            (
                "xl/worksheets/sheet1.xml",
                $"<worksheet {Namespace}><sheetData><row r=\"1\"/><row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c></row>"
                    + "<row><c r=\"A3\" s=\"1\"/><c r=\"B3\" t=\"s\"><v>1</v></c></row>"
                    + "<row><c r=\"B4\" "
                    + "t=\"s\"><v>2</v></c></row><row><c><v>x</v></c><c><v/></c></row></sheetData></worksheet>"
            )
        );
        Assert.Equal(
            [
                [" A & B"],
                [""],
                [""],
            ],
            XlsxWorkbook.ReadRows(Workbook, "file")
        );
    }

    [Theory]
    [InlineData(
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><worksheet><sheetData>&x;</sheetData></worksheet>",
        "in xl/worksheets/sheet1.xml: a document type, which is not read (line 1)"
    )]
    [InlineData(
        "<worksheet><sheetData>\n<row>",
        "in xl/worksheets/sheet1.xml: the document ends within <row> (line 2)"
    )]
    [InlineData("<worksheet><row><c r=\"ZZZZZ1\"><v>1</v></c></row></worksheet>", "cell ZZZZZ1")]
    [InlineData("<worksheet><row><c r=\"1\"><v>1</v></c></row></worksheet>", "cell 1")]
    [InlineData("<worksheet><row><c r=\"B1\"/><c r=\"A1\"/></row></worksheet>", "cells out of order")]
    [InlineData("<worksheet><row><c r=\"A1\" t=\"s\"><v>5</v></c></row></worksheet>", "shared string 5")]
    [InlineData("<worksheet><row><c r=\"A1\"><v>other</v></c></row></worksheet>", "1 sheets without the columns")]
    public void Entities_damaged_tables_and_other_columns_are_refused(string sheet, string found)
    {
        Write(("xl/worksheets/sheet1.xml", sheet));
        var exception = Assert.Throws<InvalidFileException>(() => XlsxWorkbook.ReadRows(Workbook, "file"));
        Assert.Equal(Workbook, exception.File);
        Assert.Contains(found, exception.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_or_changed_workbook_is_read_or_refused()
    {
        Write(
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet><row><c><v>file</v></c></row><row><c><v>a</v></c></row></worksheet>"
            )
        );
        var bytes = File.ReadAllBytes(Workbook);
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var changed = bytes[..(i % 2 == 0 ? random.Next(bytes.Length) : bytes.Length)];
            if (changed.Length > 0)
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Workbook, changed);
            var exception = Record.Exception(() => XlsxWorkbook.ReadRows(Workbook, "file"));
            Assert.True(exception is null or InvalidFileException, $"{i}: {exception}");
        }
    }

    [Fact]
    public void A_table_that_is_large_after_decompression_is_refused()
    {
        Write(("xl/worksheets/sheet1.xml", $"<worksheet><a>{new string('x', 20 << 20)}</a></worksheet>"));
        Assert.True(new FileInfo(Workbook).Length < 1 << 20);
        Assert.Throws<InvalidFileException>(() => XlsxWorkbook.ReadRows(Workbook, "file"));
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        File.WriteAllText(Workbook, "file;speaker");
        Assert.Throws<InvalidFileException>(() => XlsxWorkbook.ReadRows(Workbook, "file"));
    }

    private void Write(params (string Name, string Text)[] entries)
    {
        using var archive = ZipFile.Open(Workbook, ZipArchiveMode.Create);
        foreach (var (name, text) in entries)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(text);
        }
    }
}
