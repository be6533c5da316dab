using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>The library names options by their keys, and nothing steers by the words of a message.</summary>
public sealed partial class MessageTests
{
    // Options of other programs and names of folders: file name, text, reason.
    private static readonly (string File, string Text, string Reason)[] AllowedFlags =
    [
        ("ClipPartition.cs", "--array=1-", "an option of sbatch"),
        ("DeploymentUpload.cs", "--exclude=/config.json", "an option of rsync"),
        ("DeploymentUpload.cs", "--copy-dest=", "an option of rsync"),
        ("DeploymentUpload.cs", "--compress", "an option of rsync"),
        ("DeploymentUpload.cs", "--link-dest=", "an option of rsync"),
        ("NameEncoding.cs", "convmv -f latin1 -t utf8 -r --notest", "an option of convmv"),
        ("HubErrors.cs", " --revision ", "an option of hf download"),
        ("HubFolder.cs", "models--", "a folder of the hub's cache"),
        ("HubFolder.cs", "--", "likewise"),
        ("HubNames.cs", "--", "likewise"),
        ("ProgramSource.cs", " --self-contained -o DIR", "an option of dotnet publish"),
        ("ProgramSource.cs", "--self-contained", "an option of dotnet publish"),
        ("ProgramSource.cs", "--artifacts-path", "an option of dotnet publish"),
        ("RemoteHost.cs", "--", "before the host, for ssh"),
        ("Rsync.cs", "--perms", "an option of rsync"),
        ("Rsync.cs", "--chmod=", "an option of rsync"),
        ("Rsync.cs", "--partial-dir=", "an option of rsync"),
        ("Rsync.cs", "--timeout=", "an option of rsync"),
        ("Rsync.cs", "--delete", "an option of rsync"),
        ("Rsync.cs", "--checksum", "an option of rsync"),
        ("Rsync.cs", "--omit-dir-times", "an option of rsync"),
        ("Rsync.cs", "--from0", "an option of rsync"),
        ("Rsync.cs", "--files-from=-", "an option of rsync"),
        ("Rsync.cs", "--ignore-missing-args", "an option of rsync"),
        ("Rsync.cs", "--dry-run", "an option of rsync"),
        ("Rsync.cs", "--stats", "an option of rsync"),
        ("Rsync.cs", "--no-human-readable", "an option of rsync"),
        ("Rsync.cs", "--info=progress2", "an option of rsync"),
        ("Rsync.cs", "--no-inc-recursive", "an option of rsync"),
        ("Rsync.cs", "--", "before the paths, for rsync"),
        ("SbatchOptions.cs", "--", "an option of sbatch"),
        ("SbatchOptions.cs", "--no-requeue", "an option of sbatch"),
        ("SbatchOptions.cs", "--cpus-per-task=", "an option of sbatch"),
        ("Script.cs", "set --", "before the arguments of a script"),
        ("SlurmJobRunner.cs", "sbatch --parsable ", "an option of sbatch"),
    ];

    // Variables of CSS begin like options.
    private static readonly string[] StyleSheets = ["HtmlStyle.cs", "SvgColors.cs"];

    [Fact]
    public void The_library_does_not_spell_options_of_the_command_line()
    {
        var findings = FindFlags()
            .Where(found => !AllowedFlags.Any(allowed => IsAllowed(found, allowed)))
            .Select(found => $"{found.Path}:{found.Line}: {found.Text}")
            .ToList();
        Assert.True(findings.Count == 0, $"write OptionKeys.X in an OptionText:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Every_allowed_flag_is_still_in_its_file()
    {
        var flags = FindFlags().ToList();
        Assert.DoesNotContain(AllowedFlags, allowed => !flags.Any(found => IsAllowed(found, allowed)));
    }

    [Fact]
    public void Nothing_steers_by_the_words_of_an_exception()
    {
        var findings = (
            from path in Repository.SourceFiles("src")
            let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path))
            from access in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>()
            where ReadsMessage(access)
            let line = tree.GetLineSpan(access.Span).StartLinePosition.Line + 1
            select $"{Repository.RelativePath(path)}:{line}: {access}"
        ).ToList();
        Assert.True(findings.Count == 0, $"use the exception's type or properties:\n{string.Join('\n', findings)}");
    }

    [Theory]
    [InlineData("""e.Message.Contains("x")""", true)]
    [InlineData("e.Message.TrimEnd('.')", true)]
    [InlineData("e.InnerException!.Message.Split(' ')[0]", true)]
    [InlineData("e.Message[4..]", true)]
    [InlineData("""e.Message == "x" """, true)]
    [InlineData("""e.Message is "x" or "y" """, true)]
    [InlineData("""e.Message.ReplaceLineEndings(" ")""", false)] // it is shown
    [InlineData("""finding.Message ?? "" """, false)]
    public void Reading_a_message_is_found_in_each_form(string code, bool isFound) =>
        Assert.Equal(
            isFound,
            SyntaxFactory.ParseExpression(code).DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(ReadsMessage)
        );

    // Literals with a word after two hyphens, also in pieces between the values of an interpolated string.
    private static IEnumerable<(string Path, int Line, string Text)> FindFlags() =>
        from project in (string[])["AttnCrnn", "AttnCrnn.Inference", "AttnCrnn.Deployment"]
        from path in Repository.SourceFiles("src", project)
        where !StyleSheets.Contains(Path.GetFileName(path))
        let tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path))
        from token in tree.GetRoot().DescendantTokens()
        where
            token.Kind()
                is SyntaxKind.StringLiteralToken
                    or SyntaxKind.InterpolatedStringTextToken
                    or SyntaxKind.SingleLineRawStringLiteralToken
                    or SyntaxKind.MultiLineRawStringLiteralToken
            && Flag().IsMatch(token.ValueText)
        let line = tree.GetLineSpan(token.Span).StartLinePosition.Line + 1
        select (Repository.RelativePath(path), line, token.ValueText);

    private static bool IsAllowed(
        (string Path, int Line, string Text) found,
        (string File, string Text, string Reason) allowed
    ) =>
        Path.GetFileName(found.Path) == allowed.File
        && (
            allowed.Text == "--" // not before a word
                ? found.Text == allowed.Text
                : !Flag().IsMatch(found.Text.Replace(allowed.Text, "", StringComparison.Ordinal))
        );

    // A part, a comparison or a search of a property Message; a line ending in a shown message may be replaced.
    private static bool ReadsMessage(ExpressionSyntax expression) =>
        expression switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: not "ReplaceLineEndings" } access => IsMessage(
                access.Expression
            ),
            ElementAccessExpressionSyntax access => IsMessage(access.Expression),
            IsPatternExpressionSyntax pattern => IsMessage(pattern.Expression),
            SwitchExpressionSyntax choice => IsMessage(choice.GoverningExpression),
            BinaryExpressionSyntax comparison
                when comparison.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression => IsMessage(
                comparison.Left
            ) || IsMessage(comparison.Right),
            _ => false,
        };

    private static bool IsMessage(ExpressionSyntax expression) =>
        expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Message" };

    [GeneratedRegex("--[a-z]|--$")]
    private static partial Regex Flag();
}
