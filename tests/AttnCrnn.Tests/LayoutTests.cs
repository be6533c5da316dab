using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AttnCrnn.Tests;

/// <summary>Rules of layout that the formatter does not enforce.</summary>
public sealed class LayoutTests
{
    /// <summary>
    /// CSharpier 1.4 joins an initializer of two members if it fits on a line, unless a comment or an empty line
    /// separates the members. Anonymous objects and collections may be on one line.
    /// </summary>
    [Fact]
    public void No_line_has_two_statements_or_two_initializer_members()
    {
        string[] folders = ["src", "bench", "samples", "tests"];
        var findings = (
            from path in folders.SelectMany(folder => Repository.SourceFiles(folder))
            from siblings in Parse(path).DescendantNodes().Select(FindSiblings)
            from pair in siblings.Zip(siblings.Skip(1))
            where FindLine(pair.First) == FindLine(pair.Second)
            select Describe(path, pair.Second)
        ).ToList();
        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }

    [Fact]
    public void No_tuple_of_values_is_assigned_to_several_variables_in_src()
    {
        var findings =
            from path in Repository.SourceFiles("src")
            from assignment in Parse(path).DescendantNodes().OfType<AssignmentExpressionSyntax>()
            where assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
            where assignment.Right is TupleExpressionSyntax
            where assignment.Left is TupleExpressionSyntax or DeclarationExpressionSyntax
            where !IsSwap(assignment.Left, (TupleExpressionSyntax)assignment.Right)
            select Describe(path, assignment);
        Assert.Empty(findings);
    }

    [Theory]
    [InlineData("{ A(); B(); }", 1)]
    [InlineData("{ A();\n B(); }", 0)]
    [InlineData("switch (x) { case 1: A(); break; }", 1)]
    [InlineData("for (int i = 0, j = 1; i < j; i++)\n A();", 0)]
    [InlineData("var x = new X { A = 1, B = 2 };", 1)]
    [InlineData("var x = new X\n{\n A = 1,\n B = 2 };", 0)]
    [InlineData("X x = new() { [1] = 1, [2] = 2 };", 1)]
    [InlineData("x = x with { A = 1, B = 2 };", 1)]
    [InlineData("x = x with { A = 1 };", 0)]
    [InlineData("var x = new { A = 1, B = 2 };", 0)]
    [InlineData("int[] x = { 1, 2 };", 0)]
    [InlineData("var x = new List<int> { 1, 2 };", 0)]
    public void Members_and_statements_on_one_line_are_found(string code, int expected)
    {
        var root = CSharpSyntaxTree.ParseText(code).GetRoot();
        var pairs = root.DescendantNodes().Select(FindSiblings).SelectMany(nodes => nodes.Zip(nodes.Skip(1)));
        Assert.Equal(expected, pairs.Count(pair => FindLine(pair.First) == FindLine(pair.Second)));
    }

    private static SyntaxNode Parse(string path) => CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot();

    // The nodes below a node that are on lines of their own.
    private static IReadOnlyList<SyntaxNode> FindSiblings(SyntaxNode node) =>
        node switch
        {
            CompilationUnitSyntax file => [.. file.Members.OfType<GlobalStatementSyntax>()],
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            InitializerExpressionSyntax initializer
                when initializer.Kind()
                    is SyntaxKind.ObjectInitializerExpression
                        or SyntaxKind.WithInitializerExpression => initializer.Expressions,
            _ => [],
        };

    private static bool IsSwap(ExpressionSyntax left, TupleExpressionSyntax right) =>
        left is TupleExpressionSyntax variables
        && variables.Arguments.Select(Format).Order().SequenceEqual(right.Arguments.Select(Format).Order());

    private static string Format(ArgumentSyntax argument) => argument.NormalizeWhitespace().ToString();

    private static int FindLine(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static string Describe(string path, SyntaxNode node) =>
        $"{Repository.RelativePath(path)}:{FindLine(node)}: {node}";
}
