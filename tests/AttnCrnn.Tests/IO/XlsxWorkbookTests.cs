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

    [Theory]
    [InlineData(
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><worksheet><sheetData>&x;</sheetData></worksheet>"
    )]
    [InlineData("<worksheet><sheetData><row>")]
    [InlineData("<worksheet><sheetData><row><c r=\"ZZZZZ1\"><v>1</v></c></row></sheetData></worksheet>")]
    [InlineData("<worksheet><sheetData><row><c r=\"A1\" t=\"s\"><v>5</v></c></row></sheetData></worksheet>")]
    [InlineData("<worksheet><sheetData><row><c r=\"A1\"><v>other</v></c></row></sheetData></worksheet>")]
    public void Entities_damaged_tables_and_other_columns_are_refused(string sheet)
    {
        Write(("xl/worksheets/sheet1.xml", sheet));
        var exception = Assert.Throws<InvalidFileException>(() => XlsxWorkbook.ReadRows(Workbook, "file"));
        Assert.Equal(Workbook, exception.File);
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
