using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>Code and documentation use the field's terms, in American spelling.</summary>
public sealed partial class VocabularyTests
{
    // A word of an identifier, and the term to use.
    private static readonly Dictionary<string, string> WordReplacements = new(StringComparer.OrdinalIgnoreCase)
    {
        ["figure"] = "metric, statistic",
        ["figures"] = "metrics, statistics",
        ["side"] = "subset, operand",
        ["sides"] = "subsets, operands",
        ["deal"] = "assign",
        ["dealt"] = "assigned",
        ["judge"] = "evaluate, predict",
        ["judged"] = "evaluated, predicted",
        ["judges"] = "evaluates, predicts",
        ["shares"] = "probabilities, fractions",
        ["odd"] = "invalid, warning",
        ["keeper"] = "job runner",
        ["piece"] = "chunk",
        ["pieces"] = "chunks",
        ["remark"] = "warning, notice",
        ["remarks"] = "warnings, notices",
        ["story"] = "summary",
        ["rehearse"] = "dry run",
        ["rehearsed"] = "dry run",
        ["stranger"] = "unknown speaker",
        ["least"] = "min",
        ["most"] = "max",
        ["flatters"] = "overestimates",
        ["optimiser"] = "optimizer",
        ["optimise"] = "optimize",
        ["normalisation"] = "normalization",
        ["normalise"] = "normalize",
        ["normalised"] = "normalized",
        ["initialisation"] = "initialization",
        ["initialise"] = "initialize",
        ["initialised"] = "initialized",
        ["quantisation"] = "quantization",
        ["quantise"] = "quantize",
        ["quantised"] = "quantized",
        ["colour"] = "color",
        ["centre"] = "center",
        ["neighbour"] = "neighbor",
        ["behaviour"] = "behavior",
    };

    // Prepositions, adverbs, auxiliaries and participles that do not name a thing.
    private static readonly HashSet<string> WholeIdentifiers = new(StringComparer.OrdinalIgnoreCase)
    {
        "again",
        "at",
        "before",
        "below",
        "elsewhere",
        "fault",
        "for",
        "fresh",
        "from",
        "given",
        "had",
        "has",
        "here",
        "how",
        "in",
        "known",
        "mine",
        "now",
        "of",
        "only",
        "ours",
        "own",
        "rest",
        "said",
        "same",
        "seen",
        "theirs",
        "there",
        "those",
        "to",
        "told",
        "wanted",
        "whole",
        "with",
    };

    // Declarations that may keep such a word: file name, identifier, reason.
    private static readonly (string File, string Identifier, string Reason)[] AllowedIdentifiers =
    [
        ("FlacFrame.cs", "isSide", "the side channel of RFC 9639"),
        ("FlacFrameHeader.cs", "LeftSide", "a channel assignment of RFC 9639"),
        ("FlacFrameHeader.cs", "SideRight", "a channel assignment of RFC 9639"),
        ("FlacFrameHeader.cs", "MidSide", "a channel assignment of RFC 9639"),
        ("LogMelTransform.cs", "oddRe", "of the samples with odd indices"),
        ("LogMelTransform.cs", "oddIm", "of the samples with odd indices"),
        ("Winograd.cs", "odd", "of the points with odd powers"),
        ("Winograd.Kernel.cs", "odd", "of the points with odd powers"),
        ("Winograd.Output.cs", "odd", "of the points with odd powers"),
        ("Philox.cs", "odd", "words with odd indices"),
        ("ClassProbabilities.cs", "FindMostProbable", "the class of the highest probability"),
    ];

    // Fit for a sentence, as in "at most", or for HTML, although no identifier may have them.
    private static readonly string[] AllowedInProse = ["least", "most", "side", "sides", "deal", "figure"];

    private static readonly string[] Phrases =
    [
        @"numbers a (frame|step|clip)",
        @"(clips|frames|samples|values) a (frame|step|second|clip)",
        @"\bdealt\b",
        @"\bjudged?\b",
        @"\bfigures\b",
        @"\bflatter(s|ed|ing)\b",
        @"\b(three|two|both|training|validation|test) sides?\b",
        @"knows nothing about people",
        @"what is taken for what",
        @"surest mistakes",
        @"(no|not a) number any ?more",
        @"\bis no number\b",
        @"\bdrawn weights\b",
        @"\bgo(es)? on with\b",
        @"\bthe way back\b",
        @"\b(by|in) eight bits\b",
        @"\bsource of chance\b",
        @"\b(normalis|initialis|optimis|quantis)(e|es|ed|er|ing|ation)\b",
        @"(?<![\w.])\.\d+", // a number without its leading zero
    ];

    [Fact]
    public void Identifiers_use_the_fields_terms()
    {
        var allowed = AllowedIdentifiers.Select(entry => (entry.File, entry.Identifier)).ToHashSet();
        var findings = FindIdentifiers()
            .Where(found =>
                !AllowedIdentifiers.Any(allowed => allowed.File == found.File && allowed.Identifier == found.Identifier)
            )
            .Select(found => $"{found.Path}:{found.Line}: {found.Identifier} ({found.Advice})")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Every_allowed_identifier_is_still_declared()
    {
        var declared = FindIdentifiers().Select(found => (found.File, found.Identifier)).ToHashSet();
        Assert.DoesNotContain(AllowedIdentifiers, allowed => !declared.Contains((allowed.File, allowed.Identifier)));
    }

    [Fact]
    public void Help_and_messages_use_the_fields_terms()
    {
        var words = WordReplacements.Keys.Except(AllowedInProse, StringComparer.OrdinalIgnoreCase);
        var pattern = new Regex(
            string.Join('|', [.. words.Select(word => $@"\b{word}\b"), .. Phrases]),
            RegexOptions.IgnoreCase
        );
        var findings = FindProse("src")
            .SelectMany(
                found => pattern.Matches(QuotedKey().Replace(found.Identifier, "")),
                (found, match) => $"{found.Path}:{found.Line}: {match.Value}"
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Documentation_uses_the_fields_terms()
    {
        var pattern = new Regex(string.Join('|', Phrases), RegexOptions.IgnoreCase);
        var pages = Directory
            .EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Append(Repository.Path("README.md"));
        var findings = (
            from page in pages.Order(StringComparer.Ordinal)
            from line in File.ReadLines(page).Index()
            let prose = CodeSpan().Replace(line.Item, "")
            from match in pattern.Matches(prose)
            select $"{Path.GetRelativePath(Repository.Path(), page)}:{line.Index + 1}: {match.Value}"
        ).ToList();
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Comments_and_benchmarks_use_the_fields_terms()
    {
        var pattern = new Regex(string.Join('|', Phrases), RegexOptions.IgnoreCase);
        var findings = FindComments("src")
            .Concat(FindComments("bench"))
            .Concat(FindProse("bench"))
            .SelectMany(
                found => pattern.Matches(CodeElement().Replace(found.Identifier, "")),
                (found, match) => $"{found.Path}:{found.Line}: {match.Value}"
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings)}");
    }

    private static IEnumerable<Finding> FindIdentifiers() =>
        from folder in (string[])["src", "bench", "samples", "tests"]
        from path in Repository.SourceFiles(folder)
        let relative = Repository.RelativePath(path)
        let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path))
        from token in tree.GetRoot().DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken) && IsDeclaration(token)
        let advice = Advice(token.ValueText, isTest: folder == "tests")
        where advice is not null
        let line = tree.GetLineSpan(token.Span).StartLinePosition.Line + 1
        select new Finding(relative, line, token.ValueText, advice);

    // Literals with a space: what a user may read. Keys, names and patterns have none.
    private static IEnumerable<Finding> FindProse(string folder) =>
        from path in Repository.SourceFiles(folder)
        where Path.GetFileName(path) != "HtmlStyle.cs" // a style sheet
        let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path))
        from token in tree.GetRoot().DescendantTokens()
        where
            token.Kind()
                is SyntaxKind.StringLiteralToken
                    or SyntaxKind.InterpolatedStringTextToken
                    or SyntaxKind.SingleLineRawStringLiteralToken
                    or SyntaxKind.MultiLineRawStringLiteralToken
            && token.ValueText.Contains(' ', StringComparison.Ordinal)
        let line = tree.GetLineSpan(token.Span).StartLinePosition.Line + 1
        select new Finding(Repository.RelativePath(path), line, token.ValueText, "");

    private static IEnumerable<Finding> FindComments(string folder) =>
        from path in Repository.SourceFiles(folder)
        let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path))
        from trivia in tree.GetRoot().DescendantTrivia()
        where
            trivia.Kind()
                is SyntaxKind.SingleLineCommentTrivia
                    or SyntaxKind.MultiLineCommentTrivia
                    or SyntaxKind.SingleLineDocumentationCommentTrivia
        let start = tree.GetLineSpan(trivia.Span).StartLinePosition.Line + 1
        from line in trivia.ToFullString().Split('\n').Index()
        select new Finding(Repository.RelativePath(path), start + line.Index, line.Item, "");

    private static bool IsDeclaration(SyntaxToken token) =>
        token.Parent switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier == token,
            DelegateDeclarationSyntax type => type.Identifier == token,
            MethodDeclarationSyntax method => method.Identifier == token,
            LocalFunctionStatementSyntax function => function.Identifier == token,
            PropertyDeclarationSyntax property => property.Identifier == token,
            EnumMemberDeclarationSyntax member => member.Identifier == token,
            VariableDeclaratorSyntax variable => variable.Identifier == token,
            ForEachStatementSyntax loop => loop.Identifier == token,
            ParameterSyntax parameter => parameter.Identifier == token,
            TupleElementSyntax element => element.Identifier == token,
            SingleVariableDesignationSyntax designation => designation.Identifier == token,
            FromClauseSyntax or LetClauseSyntax or JoinClauseSyntax or CatchDeclarationSyntax => true,
            IdentifierNameSyntax
            {
                Parent: NameColonSyntax { Parent: ArgumentSyntax { Parent: TupleExpressionSyntax } }
            } => true,
            _ => false,
        };

    // A test's name is a sentence. The edges of a graph, the positions of a file: tests may name them From, To and At.
    private static string? Advice(string identifier, bool isTest) =>
        !isTest && WholeIdentifiers.Contains(identifier)
            ? "name the thing"
            : Words()
                .Matches(identifier)
                .Select(word => word.Value)
                .Where(word =>
                    !identifier.Contains('_') || !AllowedInProse.Contains(word, StringComparer.OrdinalIgnoreCase)
                )
                .Select(word => WordReplacements.GetValueOrDefault(word))
                .FirstOrDefault(replacement => replacement is not null);

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Words();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<c>[^<]*</c>")]
    private static partial Regex CodeElement();

    [GeneratedRegex("'[a-z0-9_]+'")]
    private static partial Regex QuotedKey();

    private sealed record Finding(string Path, int Line, string Identifier, string Advice)
    {
        public string File => System.IO.Path.GetFileName(Path);
    }
}
