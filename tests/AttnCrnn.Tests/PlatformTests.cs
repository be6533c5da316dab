using System.Text.RegularExpressions;
using AttnCrnn.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>
/// What the compiler cannot check for the systems of docs/platforms.md. It checks that a call that a system lacks is
/// behind a guard (CA1416), if the declaration says that the system lacks it.
/// </summary>
public sealed class PlatformTests
{
    [Fact]
    public void Every_native_call_is_declared_as_missing_on_Windows()
    {
        var imports = (
            from path in Repository.SourceFiles("src")
            from method in Parse(path).DescendantNodes().OfType<MethodDeclarationSyntax>()
            where FindAttribute(method, "LibraryImport") is not null || FindAttribute(method, "DllImport") is not null
            select (Name: $"{Repository.RelativePath(path)}: {method.Identifier}", Method: method)
        ).ToList();
        Assert.NotEmpty(imports);
        var undeclared =
            from import in imports
            where FindAttribute(import.Method, "UnsupportedOSPlatform")?.Contains("\"windows\"") != true
            select import.Name;
        Assert.Empty(undeclared);
    }

    [Fact]
    public void Folders_of_a_Unix_system_are_named_only_where_their_absence_is_handled()
    {
        string[] expected =
        [
            "src/AttnCrnn.Cli/Commands/ExportOutput.cs: /dev/", // an output such as /dev/stdout; no name on Windows
            "src/AttnCrnn.Cli/Commands/Prediction/PredictionOutput.cs: /dev/", // likewise
            "src/AttnCrnn.Cli/Terminal/ClosedOutput.cs: /proc/self/fd/", // behind OperatingSystem.IsLinux
            "src/AttnCrnn.Cli/Terminal/ClosedOutput.cs: /proc/self/fdinfo", // likewise
            "src/AttnCrnn.Cli/Terminal/ClosedOutput.cs: /proc/self/fdinfo/", // likewise
            "src/AttnCrnn.Inference/HuggingFace/Cache/HubLock.cs: /proc/self/fd/", // behind OperatingSystem.IsLinux
        ];
        var names =
            from path in Repository.SourceFiles("src")
            where !Repository.RelativePath(path).StartsWith("src/AttnCrnn.Deployment/", StringComparison.Ordinal)
            from token in Parse(path).DescendantTokens()
            where token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
            where Regex.IsMatch(token.ValueText, "^/(bin|dev|etc|home|proc|root|tmp|usr|var)(/|$)")
            select $"{Repository.RelativePath(path)}: {token.ValueText}";
        Assert.Equal(expected, names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData('\\', @"C:\data\clip.wav", "C:/data/clip.wav")]
    [InlineData('\\', @"speaker 1\clip.wav", "speaker 1/clip.wav")]
    [InlineData('/', "/data/clip.wav", "/data/clip.wav")]
    [InlineData('/', @"/data/a\b.wav", @"/data/a\b.wav")]
    public void A_stored_path_has_slashes_and_is_read_as_it_was(char separator, string path, string stored)
    {
        Assert.Equal(stored, StoredPath.Format(path, separator));
        Assert.Equal(path, StoredPath.Parse(stored, separator));
    }

    private static SyntaxNode Parse(string path) =>
        CSharpSyntaxTree
            .ParseText(File.ReadAllText(path), cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken);

    // The text of an attribute, with its arguments; null if the method does not have it.
    private static string? FindAttribute(MethodDeclarationSyntax method, string name) =>
        method
            .AttributeLists.SelectMany(list => list.Attributes)
            .FirstOrDefault(attribute => attribute.Name.ToString() == name)
            ?.ToString();
}
