using AttnCrnn.Corpora;
using AttnCrnn.IO;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class AudformatLayoutTests : IDisposable
{
    private readonly CorpusTree tree = CorpusTree.Create("audformat");

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Segments_are_read_if_their_table_is_named()
    {
        var clips = CorpusReader.Read([tree.Path], CorpusReadOptions.Default with { Tables = ["segments"] }).Clips;
        Assert.Equal(
            CsvTable
                .Read(Fixtures.Path("corpora", "audformat", "expected_segments.csv"))
                .Rows.Select(row => (row["path"], row["start"], row["end"], row["label"])),
            clips.Select(clip =>
                (
                    Path.GetRelativePath(tree.Path, clip.Path).Replace('\\', '/'),
                    FormattableString.Invariant($"{clip.StartSeconds}"),
                    FormattableString.Invariant($"{clip.EndSeconds}"),
                    clip.Label ?? ""
                )
            )
        );
        Assert.Equal(["male", "male", "female"], clips.Select(clip => clip.Sex));
    }

    [Fact]
    public void The_tables_of_splits_are_read_where_there_is_none_of_all_files()
    {
        // The table of all files becomes one without columns.
        const string columns =
            "      emotion: {scheme_id: emotion, rater_id: gold}\n"
            + "      emotion.confidence: {scheme_id: confidence, rater_id: gold}\n";
        const string table = "  emotion:\n    type: filewise\n    columns:";
        Assert.Contains($"{table}\n{columns}", ReadHeader(), StringComparison.Ordinal);
        tree.Write("db.yaml", ReadHeader().Replace($"{table}\n{columns}", $"{table} {{}}\n", StringComparison.Ordinal));
        Assert.Equal(tree.ReadExpected(), tree.Read());
        Assert.Contains(
            "emotion.categories.test.gold_standard, emotion.categories.train.gold_standard",
            tree.ReadNotices(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Wrapped_values_and_labels_with_properties_are_read_as_PyYAML_writes_them()
    {
        var header = ReadHeader()
            .Replace(
                "description: Invented database in the layout of emodb 1.4",
                "description: Invented database in the layout\n  of emodb 1.4, with a long\n  text",
                StringComparison.Ordinal
            )
            .Replace(
                "labels: [anger, boredom, disgust,",
                "labels: [anger, boredom,\n      disgust,",
                StringComparison.Ordinal
            )
            .Replace(
                "speaker: {dtype: int, labels: speaker}",
                "speaker:\n    dtype: int\n    labels:\n      3: {gender: female}\n      8: {gender: male}",
                StringComparison.Ordinal
            );
        tree.Write("db.yaml", header);
        Assert.Equal(["female", "female", "male", "", ""], tree.Read().Select(clip => clip.Sex));
    }

    [Fact]
    public void A_Parquet_table_is_refused_with_the_command_that_converts_it()
    {
        File.Move(tree.PathOf("db.emotion.csv"), tree.PathOf("db.emotion.parquet"));
        Assert.Contains("db.emotion.parquet", tree.ReadError(), StringComparison.Ordinal);
        Assert.Contains("read_parquet('db.emotion.parquet')", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_not_there_is_an_error_with_those_that_are() =>
        Assert.Contains(
            "it has emotion, emotion.categories.test.gold_standard",
            tree.ReadError(CorpusReadOptions.Default with { Tables = ["words"] }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_in_two_splits_is_refused_by_line()
    {
        tree.Write(
            "db.emotion.categories.test.gold_standard.csv",
            "file,emotion,emotion.confidence\nwav/x04.wav,,\nwav/x01.wav,anger,1\n"
        );
        Assert.Contains("'wav/x01.wav' in line", tree.ReadError(), StringComparison.Ordinal);
        Assert.Contains("each file in one subset", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_marked_as_corrupted_are_left_out_and_counted()
    {
        tree.Write(
            "db.yaml",
            ReadHeader()
                .Replace(
                    "      speaker: {scheme_id: speaker}",
                    "      speaker: {scheme_id: speaker}\n      corrupted: {}",
                    StringComparison.Ordinal
                )
        );
        tree.Write(
            "db.files.csv",
            "file,duration,speaker,corrupted\nwav/x01.wav,0 days,3,True\nwav/x02.wav,0 days,3,False\n"
        );
        Assert.Equal(4, tree.Read().Count);
        Assert.Contains("1 clips are marked as corrupted", tree.ReadNotices(), StringComparison.Ordinal);
    }

    private string ReadHeader() => File.ReadAllText(tree.PathOf("db.yaml"));
}
