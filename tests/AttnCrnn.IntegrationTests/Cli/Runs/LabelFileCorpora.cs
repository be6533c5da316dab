using System.IO.Compression;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>
/// Writes corpora with labels in files, in the layouts in which they are published: three clips of synthetic speech for
/// each speaker and label.
/// </summary>
public sealed class LabelFileCorpora : IDisposable
{
    private const int Speakers = 12;
    private const int ClipsPerLabel = 3;

    private readonly TempFolder folder = new();
    private readonly string[][][] clips; // [speakers, emotions of the generator, clips]

    public LabelFileCorpora()
    {
        DemoCorpus.Generate(folder.Path, Speakers, ClipsPerLabel);
        clips =
        [
            .. CorpusReader
                .Read([folder.PathOf(DemoCorpus.ManifestName)])
                .Clips.GroupBy(clip => clip.Speaker)
                .OrderBy(speaker => speaker.Key, StringComparer.Ordinal)
                .Select(speaker =>
                    speaker
                        .GroupBy(clip => clip.Label)
                        .OrderBy(label => label.Key, StringComparer.Ordinal)
                        .Select(label => label.Select(clip => clip.Path).ToArray())
                        .ToArray()
                ),
        ];
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Ten speakers, six labels.</summary>
    public void WriteIemocap(string root)
    {
        string[] labels = ["ang", "exc", "fru", "hap", "neu", "sad"];
        for (var session = 1; session <= 5; session++)
        {
            var dialogue = $"Ses0{session}F_impro01";
            List<string> lines = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]"];
            for (var speaker = 2 * session - 2; speaker < 2 * session; speaker++)
                foreach (var (recording, label, number) in ListClips(speaker, labels.Length))
                {
                    var turn = $"{dialogue}_{"FM"[speaker % 2]}{number:000}";
                    Copy(recording, root, $"Session{session}", "sentences", "wav", dialogue, $"{turn}.wav");
                    lines.AddRange([
                        "",
                        $"[1.0000 - 2.0000]\t{turn}\t{labels[label]}\t[2.5000, 2.5000, 2.5000]",
                        "C-E1:\tAnger;\t()",
                    ]);
                    lines.AddRange(["C-E2:\tNeutral; Sadness;\t()", "C-F1:\tFear;\t()"]);
                }
            WriteLines(lines, root, $"Session{session}", "dialog", "EmoEvaluation", $"{dialogue}.txt");
        }
    }

    /// <summary>Twelve speakers, four labels; two of three raters agree with the label.</summary>
    public void WriteMspImprov(string root)
    {
        (char Code, string Category)[] labels = [('A', "Angry"), ('H', "Happy"), ('N', "Neutral"), ('S', "Sad")];
        List<string> lines = [];
        for (var speaker = 0; speaker < Speakers; speaker++)
            foreach (var (recording, label, number) in ListClips(speaker, labels.Length))
            {
                var session = 1 + (speaker / 2);
                var name = $"IMPROV-S{1 + label:00}{labels[label].Code}-{"FM"[speaker % 2]}0{session}-S-FM{number:00}";
                Copy(
                    recording,
                    root,
                    $"session{session}",
                    $"S{1 + label:00}{labels[label].Code}",
                    "S",
                    $"MSP-{name}.wav"
                );
                lines.Add($"UTD-{name}.avi; {labels[label].Code}; A:3.000000; V:3.000000; D:3.000000 ; N:NaN;");
                foreach (
                    var vote in (string[])
                        [labels[label].Category, labels[(label + 1) % 4].Category, labels[label].Category]
                )
                    lines.Add($"RATER; {vote}; {vote}; A:3.000000; V:3.000000; D:3.000000; N:4.000000;");
                lines.Add("");
            }
        WriteLines(lines, root, "Evaluation.txt");
    }

    /// <summary>Nine speakers, four labels; a clip of Test2 without agreement.</summary>
    public void WriteMspPodcast(string root)
    {
        string[] subsets =
        [
            "Train",
            "Train",
            "Train",
            "Train",
            "Train",
            "Development",
            "Development",
            "Test1",
            "Test1",
        ];
        List<string> lines = ["FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set"];
        for (var speaker = 0; speaker < subsets.Length; speaker++)
            foreach (var (recording, label, number) in ListClips(speaker, 4))
                AddClip(
                    recording,
                    $"MSP-PODCAST_{speaker:0000}_{number:0000}.wav",
                    "AHNS"[label],
                    $"{speaker}",
                    subsets[speaker]
                );
        AddClip(clips[9][0][0], "MSP-PODCAST_0009_0000.wav", 'X', "Unknown", "Test2");
        WriteLines(lines, root, "Labels", "labels_consensus.csv");

        void AddClip(string recording, string name, char label, string speaker, string subset)
        {
            Copy(recording, root, "Audios", name);
            lines.Add($"{name},{label},4,4,4,{speaker},Female,{subset}");
        }
    }

    /// <summary>Four speakers, who are in every part, six labels; one clip of each in validation and test.</summary>
    public void WriteMeld(string root)
    {
        string[] labels = ["anger", "disgust", "fear", "joy", "neutral", "sadness"];
        (string Table, string Folder)[] parts =
        [
            ("train", "train_splits"),
            ("dev", "dev_splits_complete"),
            ("test", "output_repeated_splits_test"),
        ];
        foreach (var (part, (table, films)) in parts.Index())
        {
            List<string> lines =
            [
                "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime",
            ];
            for (var speaker = 0; speaker < 4; speaker++)
                foreach (var (recording, label, number) in ListClips(speaker, labels.Length))
                    if (number % ClipsPerLabel == part)
                    {
                        Copy(recording, root, films, $"dia{speaker}_utt{label}.wav");
                        lines.Add(
                            $"1,\"a, b\",Speaker {speaker},{labels[label]},neutral,{speaker},{label},1,1,\"0:01,0\",1"
                        );
                    }
            WriteLines(lines, root, $"{table}_sent_emo.csv");
        }
    }

    /// <summary>Six speakers, five labels; the workbook spells a speaker in two ways.</summary>
    public void WriteEmoFilm(string root)
    {
        string[] labels = ["ans", "dis", "gio", "rab", "tri"];
        var rows = "";
        for (var speaker = 0; speaker < 6; speaker++)
            foreach (var (recording, label, number) in ListClips(speaker, labels.Length))
            {
                var name = $"{"fm"[speaker % 2]}_{labels[label]}{(100 * speaker) + number:000}aen";
                Copy(recording, root, "wav_corpus", $"{name}.wav");
                rows += CreateRow(name, number % 2 == 0 ? $"Actor {speaker}" : $"actor\u00a0{speaker} ");
            }
        using var archive = ZipFile.Open(Path.Combine(root, "f_m_corpus_it_es_en_legend.xlsx"), ZipArchiveMode.Create);
        using var sheet = new StreamWriter(archive.CreateEntry("xl/worksheets/sheet1.xml").Open());
        sheet.Write($"<worksheet><sheetData>{CreateRow("file", "speaker")}{rows}</sheetData></worksheet>");

        static string CreateRow(string file, string speaker) =>
            $"<row><c t=\"inlineStr\"><is><t>{file}</t></is></c><c t=\"inlineStr\"><is><t>{speaker}</t></is></c></row>";
    }

    /// <summary>Six speakers, six labels; sad was heard as neutral, fearful as a tie.</summary>
    public void WriteCremaD(string root)
    {
        string[] labels = ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"];
        string[] sentences = ["IEO", "TIE", "IOM"];
        List<string> votes = ["\"\",\"A\",\"D\",\"F\",\"H\",\"N\",\"S\",\"fileName\",\"numResponses\""];
        List<string> summary = ["\"\",\"FileName\",\"VoiceVote\",\"VoiceLevel\""];
        for (var speaker = 0; speaker < 6; speaker++)
            foreach (var (recording, label, number) in ListClips(speaker, labels.Length))
            {
                var name = $"10{speaker:00}_{sentences[number % ClipsPerLabel]}_{labels[label]}_XX";
                Copy(recording, root, "AudioWAV", $"{name}.wav");
                var heard = label switch
                {
                    2 => "F:N",
                    5 => "N",
                    _ => labels[label][..1],
                };
                summary.Add($"\"{summary.Count}\",\"{name}\",\"{heard}\",\"50\"");
                foreach (var way in (int[])[1, 2, 3])
                    votes.Add(
                        $"\"{way}{votes.Count:00000}\",{string.Join(',', Count(way == 1 ? heard : "S"))},\"{name}\",10"
                    );
            }
        WriteLines(votes, root, "processedResults", "tabulatedVotes.csv");
        WriteLines(summary, root, "processedResults", "summaryTable.csv");

        static IEnumerable<int> Count(string heard) =>
            "ADFHNS".Select(code => heard.Contains(code, StringComparison.Ordinal) ? 5 : 1);
    }

    // Recordings of a speaker with their labels and numbers, which tell the clips of a speaker apart.
    private IEnumerable<(string Recording, int Label, int Number)> ListClips(int speaker, int labels) =>
        from label in Enumerable.Range(0, labels)
        from clip in Enumerable.Range(0, ClipsPerLabel)
        select (clips[speaker][label][clip], label, (label * ClipsPerLabel) + clip);

    private static void Copy(string recording, params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path))!);
        File.Copy(recording, Path.Combine(path));
    }

    private static void WriteLines(IEnumerable<string> lines, params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path))!);
        File.WriteAllLines(Path.Combine(path), lines);
    }
}
