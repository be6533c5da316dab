using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class AudioFolderLayoutTests : IDisposable
{
    private readonly CorpusTree tree = CorpusTree.Create("hf-audiofolder");

    public void Dispose() => tree.Dispose();

    [Fact]
    public void What_was_read_and_what_was_not_is_said_with_numbers()
    {
        var notices = tree.ReadNotices();
        Assert.Contains("Hugging Face audiofolder, 3 tables", notices, StringComparison.Ordinal);
        Assert.Contains(
            "4 clips, 3 speakers, subsets as listed there (train 2, val 1, test 1)",
            notices,
            StringComparison.Ordinal
        );
        Assert.Contains("1 recordings are not listed there", notices, StringComparison.Ordinal);
        Assert.Contains("train/clips/not_in_table.wav", notices, StringComparison.Ordinal);
    }

    [Fact]
    public void One_table_above_the_folders_of_subsets_gives_the_same_subsets()
    {
        foreach (var table in (string[])["train/metadata.csv", "test/metadata.csv", "validation/metadata.jsonl"])
            File.Delete(tree.PathOf(table));
        tree.Write(
            "metadata.jsonl",
            """
            {"file_name": "train/clips/a1.wav", "label": 3, "speaker": "s1"}

            {"file_name": "validation/b1.flac", "label": "joy", "gender": "F"}
            {"file_name": "validation/gone.flac", "label": "joy"}
            """
        );
        Assert.Equal(
            [
                new ExpectedClip("train/clips/a1.wav", "3", "folder_s1", "train", ""),
                new ExpectedClip("validation/b1.flac", "happy", "", "val", "female"),
            ],
            tree.Read()
        );
        Assert.Contains("1 listed recordings are not there", tree.ReadNotices(), StringComparison.Ordinal);
        Assert.Contains("line 4 of", tree.ReadNotices(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_labels_is_refused_with_its_line()
    {
        tree.Write("validation/metadata.jsonl", "{\"file_name\": \"b1.flac\", \"label\": [\"joy\", \"fear\"]}\n");
        Assert.Contains("[\"joy\", \"fear\"] as label in line 1", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Parquet_table_is_refused_with_the_command_that_converts_it()
    {
        tree.Write("test/metadata.parquet", "PAR1");
        Assert.DoesNotContain("Parquet", tree.ReadNotices(), StringComparison.Ordinal); // metadata.csv is beside it
        File.Delete(tree.PathOf("test/metadata.csv"));
        Assert.Contains("a Parquet table", tree.ReadError(), StringComparison.Ordinal);
        Assert.Contains(
            "read_parquet('metadata.parquet').to_csv('metadata.csv'",
            tree.ReadError(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_damaged_line_is_an_error_with_its_place()
    {
        tree.Write("validation/metadata.jsonl", "{\"file_name\": \"b1.flac\"}\n{\"file_name\": \n");
        Assert.Contains("metadata.jsonl", tree.ReadError(), StringComparison.Ordinal);
        Assert.Contains("in line 2", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_another_kind_is_no_layout()
    {
        foreach (var table in (string[])["train/metadata.csv", "test/metadata.csv", "validation/metadata.jsonl"])
            tree.Write(table, "LJ001-0001|Printing\n");
        Assert.DoesNotContain("Hugging Face audiofolder", tree.ReadNotices(), StringComparison.Ordinal);
        Assert.Contains("labels are unknown", tree.ReadNotices(), StringComparison.Ordinal);
    }
}
