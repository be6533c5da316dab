using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

public sealed class CsvTableTests
{
    [Fact]
    public void A_cell_that_is_too_long_is_rejected_with_the_limit()
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("a.csv");
        File.WriteAllText(path, $"path,label\na.wav,{new string('x', 70_000)}\n");
        var exception = Assert.Throws<InvalidFileException>(() => CsvTable.Read(path));
        Assert.Equal("a cell of more than 65536 characters", exception.Found);
    }
}
