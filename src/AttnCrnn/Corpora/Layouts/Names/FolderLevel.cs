using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// One level of folders between a source and its recordings, with the recordings' names of it; a recording that is not
/// in so many folders has none.
/// </summary>
/// <param name="Title">For messages, such as <c>level 2</c>.</param>
/// <param name="Names">[recordings]; each has a name.</param>
internal sealed partial record FolderLevel(string Title, IReadOnlyList<string> Names)
{
    /// <summary>Most names in a message.</summary>
    public const int MaxShown = 6;

    private const int MaxDoubtful = 3;

    private const string MaleWords =
        "male males m man men boy boys mann männer maenner männlich maennlich herr herren homme hommes masculin "
        + "garçon uomo uomini maschio maschi maschile hombre hombres masculino homem homens "
        + "мужчина мужчины мужской erkek 男 男性";

    private const string FemaleWords =
        "female females f w woman women girl girls frau frauen weiblich dame damen femme femmes féminin feminin fille "
        + "donna donne femmina femmine femminile mujer mujeres femenino feminino mulher mulheres "
        + "женщина женщины женский kadın kadin 女 女性";

    private static readonly Dictionary<string, string> Sexes = MaleWords
        .Split(' ')
        .Select(word => KeyValuePair.Create(word, SpeakerSex.Male))
        .Concat(FemaleWords.Split(' ').Select(word => KeyValuePair.Create(word, SpeakerSex.Female)))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The different names, in ordinal order.</summary>
    public IReadOnlyList<string> Distinct { get; } = [.. Names.Distinct().Order(StringComparer.Ordinal)];

    public bool IsConstant => Distinct.Count == 1;

    /// <summary>
    /// Whether the names are subsets, of which at least two are different. Beside <c>train</c> and another subset there
    /// may be folders that are in none, such as <c>unlabeled</c>.
    /// </summary>
    public bool IsSplit
    {
        get
        {
            var subsets = Distinct.Select(SubsetNames.Find).ToHashSet();
            return subsets.Count(subset => subset is not null) > 1
                && (subsets.Contains(Subset.Train) || !subsets.Contains(null));
        }
    }

    /// <summary>Whether the names are the sexes of speakers.</summary>
    public bool IsSex => !IsConstant && Distinct.All(name => GetSex(name) is not null);

    /// <summary>Fraction of the names that are labels of emotions, from 0 to 1.</summary>
    public double EmotionFraction => GetFraction(EmotionWords.IsKnown);

    /// <summary>Fraction of the names that are labels of emotions or otherwise those of labels, from 0 to 1.</summary>
    public double LabelFraction => GetFraction(EmotionWords.IsFolderOfLabel);

    /// <summary>Whether the names are those of speakers: a word for a person, and a number.</summary>
    public bool HasSpeakerNames => Distinct.All(name => SpeakerPattern().IsMatch(name));

    /// <summary>Whether the names say how strong emotions are.</summary>
    public bool IsIntensity => Distinct.All(TechnicalNames.IsIntensity);

    /// <summary>
    /// Whether the names are so few, and so little like those of persons in a corpus (numbers, codes, initials), that
    /// they may be anything that recurs.
    /// </summary>
    public bool MayBeAnything => Distinct.Count <= MaxDoubtful && !Distinct.All(name => CodePattern().IsMatch(name));

    /// <summary>
    /// Whether the names are neither labels nor speakers: technical ones, those of sessions and takes, or of a subset.
    /// </summary>
    public bool SaysNothing =>
        HasTechnicalNames || HasSessionNames || (IsConstant && SubsetNames.Find(Distinct[0]) is not null);

    private bool HasSessionNames => Distinct.All(name => SessionPattern().IsMatch(name));

    /// <summary>Whether the names say how recordings were made or stored.</summary>
    public bool HasTechnicalNames => !HasSpeakerNames && Distinct.All(TechnicalNames.Contains);

    /// <summary>The sex that a name says; null: none.</summary>
    public static string? GetSex(string name) => Sexes.GetValueOrDefault(NameText.Clean(name));

    /// <summary>Level, number of names, and the first of them, for messages.</summary>
    public string Describe()
    {
        var shown = string.Join(", ", Distinct.Take(MaxShown).Select(IO.InputFile.Sanitize));
        return $"{Title} ({Distinct.Count}: {shown}{(Distinct.Count > MaxShown ? ", …" : "")})";
    }

    /// <summary>Fraction of the names that recur under at least two names of another level, from 0 to 1.</summary>
    public double GetRecurringFraction(FolderLevel other)
    {
        var recurring = Names
            .Zip(other.Names)
            .GroupBy(pair => pair.First, StringComparer.Ordinal)
            .Count(pairs => pairs.Select(pair => pair.Second).Distinct().Skip(1).Any());
        return (double)recurring / Distinct.Count;
    }

    private double GetFraction(Func<string, bool> condition) => (double)Distinct.Count(condition) / Distinct.Count;

    [GeneratedRegex(
        @"^(?:s|sp|spk|spkr|speaker|actor|actress|subject|subj|sub|participant|p|person|talker|user|patient|child|"
            + @"m|f|w|male|female|man|woman)[-_ ]?\d{1,6}[a-z]?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex SpeakerPattern();

    [GeneratedRegex(
        @"^(?:session|ses|take|part|batch|disc|cd|day|week|set|fold|group|round|trial|intensity|level|version|v|"
            + @"sentence|text|prompt|run|block|scene|dialog|dialogue|utterance|utt|phrase|satz|script|scripted|impro|"
            + @"improvised|improvisation|conversation|question|item|room)(?:[-_ ]?\d{1,6}[a-z]?|[-_ ][a-z])$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex SessionPattern();

    [GeneratedRegex(@"\d|^[A-Z]{1,3}$", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
