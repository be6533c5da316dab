using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>
/// Enforces the rings of docs/architecture.md with the compiler: every name in the library is bound to its symbol, so
/// that neither a relative name nor an inlined constant can hide a dependency.
/// </summary>
public sealed class ArchitectureTests
{
    // From the innermost ring outwards: a ring may use itself and the rings before it.
    private static readonly string[][] Rings =
    [
        [""], // the exceptions, in the root namespace
        ["IO", "Formats", "Numerics", "Onnx", "HuggingFace", "Options"],
        ["Audio", "Corpora", "Encoders", "Features", "Models", "Metrics"],
        ["Prediction", "Training", "Evaluation", "Runs"],
        ["Export", "Reports"],
    ];

    // The library: the part that predicts, and the rest. They share namespaces.
    private static readonly string[] Projects = ["AttnCrnn.Inference", "AttnCrnn"];

    private const BindingFlags AnyMember =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Lazy<CSharpCompilation> Library = new(Compile);

    private static readonly Lazy<IReadOnlyList<Dependency>> Dependencies = new(FindDependencies);

    /// <summary>A name that the compiler cannot resolve could hide a dependency.</summary>
    [Fact]
    public void The_library_compiles_except_for_generated_code()
    {
        // The source generators of regular expressions and of native calls do not run here.
        string[] missingImplementations = ["CS8795", "CS9248"]; // of a partial method, of a partial property
        var errors = Library
            .Value.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Where(diagnostic => !missingImplementations.Contains(diagnostic.Id));
        Assert.Empty(errors);
    }

    [Fact]
    public void Every_folder_of_the_library_is_in_a_ring()
    {
        var folders = Library.Value.SyntaxTrees.Select(tree => FolderOf(NamespaceOf(tree))).Distinct().Order();
        Assert.Equal(Rings.SelectMany(ring => ring).Order(), folders);
    }

    [Fact]
    public void A_ring_uses_only_itself_and_inner_rings()
    {
        var violations = Dependencies.Value.Where(use => RingOf(use.To) > RingOf(use.From)).Select(use => $"{use}");
        Assert.Empty(violations);
    }

    [Fact]
    public void Folders_of_a_ring_do_not_depend_on_each_other_in_a_cycle()
    {
        var uses = Dependencies.Value.ToLookup(use => use.From, use => use.To);
        Assert.DoesNotContain(Rings.SelectMany(ring => ring), folder => Reaches(folder, folder, []));

        bool Reaches(string from, string to, HashSet<string> visited) =>
            uses[from].Distinct().Any(next => next == to || (visited.Add(next) && Reaches(next, to, visited)));
    }

    [Fact]
    public void Tests_of_this_project_start_no_process()
    {
        string[] names = ["ProcessStartInfo", "Process." + "Start", "LogFollower"]; // LogFollower runs a shell
        var violations = Repository
            .SourceFiles("tests", "AttnCrnn.Tests")
            .Where(path => Path.GetFileName(path) != $"{nameof(ArchitectureTests)}.cs")
            .Where(path => names.Any(name => File.ReadAllText(path).Contains(name, StringComparison.Ordinal)))
            .Select(Repository.RelativePath);
        Assert.Empty(violations);
    }

    [Fact]
    public void Tests_of_this_project_require_a_platform_but_no_program()
    {
        string[] platforms = ["unix", "linux"];
        var violations =
            from type in typeof(ArchitectureTests).Assembly.GetTypes()
            from member in type.GetMembers(BindingFlags.DeclaredOnly | AnyMember).Prepend(type)
            from capability in member.GetCustomAttribute<RequiresAttribute>()?.Capabilities ?? []
            where !platforms.Contains(capability)
            select $"{type.Name}.{member.Name} requires {capability}";
        Assert.Empty(violations);
    }

    [Fact]
    public void Unsafe_code_and_intrinsics_are_in_Numerics_alone()
    {
        var violations =
            from tree in Library.Value.SyntaxTrees
            where FolderOf(NamespaceOf(tree)) != "Numerics"
            let root = tree.GetRoot(TestContext.Current.CancellationToken)
            let isUnsafe = root.DescendantTokens().Any(token => token.IsKind(SyntaxKind.UnsafeKeyword))
            let usings = root.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(directive => $"{directive.Name}")
            let hasIntrinsics = usings.Any(name =>
                name.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal)
            )
            where isUnsafe || hasIntrinsics
            select Path.GetFileName(tree.FilePath);
        Assert.Empty(violations);
    }

    [Fact]
    public void Dependencies_between_folders_are_found()
    {
        var dependencyCount = Dependencies.Value.Select(use => (use.From, use.To)).Distinct().Count();
        Assert.True(dependencyCount > 50, $"{dependencyCount} dependencies between folders");
    }

    private static List<Dependency> FindDependencies()
    {
        var dependencies = new List<Dependency>();
        foreach (var tree in Library.Value.SyntaxTrees)
        {
            var model = Library.Value.GetSemanticModel(tree);
            var folder = FolderOf(NamespaceOf(tree));
            // A new() without a type name uses the type that it creates.
            var uses = tree.GetRoot()
                .DescendantNodes()
                .Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax);
            foreach (var use in uses)
            {
                var symbol = model.GetSymbolInfo(use).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (!SymbolEqualityComparer.Default.Equals(type?.ContainingAssembly, Library.Value.Assembly))
                    continue;
                var usedFolder = FolderOf(type.ContainingNamespace.ToDisplayString());
                if (usedFolder != folder)
                    dependencies.Add(
                        new(folder, usedFolder, $"{Path.GetFileName(tree.FilePath)}: {use.GetFirstToken()}")
                    );
            }
        }
        return dependencies;
    }

    private static CSharpCompilation Compile()
    {
        const string implicitUsings =
            "global using System; global using System.Collections.Generic; global using System.IO; "
            + "global using System.Linq; global using System.Net.Http; global using System.Threading; "
            + "global using System.Threading.Tasks;";
        var sources = Projects.SelectMany(project => Repository.SourceFiles("src", project));
        var references = $"{AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")}"
            .Split(Path.PathSeparator)
            .Where(path => !Projects.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
        var trees = sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path));
        return CSharpCompilation
            .Create("AttnCrnn", trees, references, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(implicitUsings));
    }

    private static string NamespaceOf(SyntaxTree tree) =>
        $"{tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name}";

    // AttnCrnn.Formats.Flac is in Formats.
    private static string FolderOf(string space) => space.Split('.') is [_, var folder, ..] ? folder : "";

    private static int RingOf(string folder) => Array.FindIndex(Rings, ring => ring.Contains(folder));

    private sealed record Dependency(string From, string To, string Where)
    {
        public override string ToString() => $"{From} uses {To} ({Where})";
    }
}
