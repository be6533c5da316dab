using AttnCrnn.Encoders;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>
/// An encoder family is its folder and one line of the registry: no other source file names its types. Names are
/// compared as text, without namespaces, in every project: a type of a family must have a name of its own.
/// </summary>
public sealed class FamilyArchitectureTests
{
    private const string Registry = "EncoderFamilies.cs";

    private static readonly string[] Interfaces = ["ISpeechFamily", "INamedFamily", "TransformersFamily"];

    private static readonly Lazy<IReadOnlyList<SyntaxTree>> Sources = new(() =>
        [
            .. Repository
                .SourceFiles("src")
                .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path)),
        ]
    );

    [Fact]
    public void Every_family_is_registered_and_has_a_folder_of_its_own()
    {
        var families = FindFamilies().ToList();
        Assert.Equal(
            EncoderFamilies.BuiltIn.All.Select(family => family.GetType().Name).Order(),
            families.Select(family => family.Name).Order()
        );
        Assert.Distinct(families.Select(family => family.Folder));
    }

    [Fact]
    public void No_source_file_outside_a_familys_folder_and_the_registry_names_its_types()
    {
        var violations =
            from family in FindFamilies()
            let types = FindTypes(family.Folder)
            from tree in Sources.Value
            where Path.GetDirectoryName(tree.FilePath) != family.Folder
            where Path.GetFileName(tree.FilePath) != Registry
            from token in tree.GetRoot(TestContext.Current.CancellationToken).DescendantTokens()
            where token.IsKind(SyntaxKind.IdentifierToken) && types.Contains(token.Text)
            select $"{Repository.RelativePath(tree.FilePath)} names {token.Text} of {family.Name}";
        Assert.Empty(violations);
    }

    [Fact]
    public void The_registry_names_of_each_family_nothing_but_its_class()
    {
        var registry = Assert.Single(Sources.Value, tree => Path.GetFileName(tree.FilePath) == Registry);
        var names = registry
            .GetRoot(TestContext.Current.CancellationToken)
            .DescendantTokens()
            .Select(token => token.Text)
            .ToLookup(name => name);
        foreach (var family in FindFamilies())
        {
            Assert.Single(names[family.Name]);
            Assert.DoesNotContain(FindTypes(family.Folder), type => type != family.Name && names.Contains(type));
        }
    }

    private static IEnumerable<(string Name, string Folder)> FindFamilies() =>
        from tree in Sources.Value
        from type in tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
        where !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
        where type.BaseList is { } bases && bases.Types.Any(item => Interfaces.Contains($"{item.Type}"))
        select (type.Identifier.Text, Path.GetDirectoryName(tree.FilePath));

    private static HashSet<string> FindTypes(string folder) =>
        [
            .. Sources
                .Value.Where(tree => Path.GetDirectoryName(tree.FilePath) == folder)
                .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
                .Where(type => type.Parent is BaseNamespaceDeclarationSyntax)
                .Select(type => type.Identifier.Text),
        ];
}
