using System.Text.RegularExpressions;

namespace AttnCrnn.Tests;

/// <summary>A room knows only rooms to its left: read from the source, so that no reference can hide.</summary>
public sealed partial class RoomOrder
{
    private static readonly string[] Rooms =
    [
        "Formats", "Kernels", "Onnx", "Audio", "Corpora", "Encoders", "Features", "Metrics", "Model", "Interop", "Training",
        "Evaluation", "Reports",
    ];

    private static string Library => Repository.Path("src", "AttnCrnn");

    [Fact]
    public void A_room_knows_only_rooms_to_its_left()
    {
        var faults = from file in SourceFiles()
                     let room = RoomOf(file)
                     from named in RoomsNamedIn(File.ReadAllText(file))
                     where named != room && !MayKnow(room, named)
                     select $"{Path.GetRelativePath(Library, file)} names {named}";
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_room_of_the_design_exists_and_no_other()
    {
        var found = SourceFiles().Select(RoomOf).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Rooms.Append("Remote").Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void A_file_lives_in_the_namespace_of_its_room()
    {
        var faults = from file in SourceFiles()
                     let declared = DeclaredNamespace().Match(File.ReadAllText(file)).Groups[1].Value
                     where declared != $"AttnCrnn.{RoomOf(file)}"
                     select $"{Path.GetRelativePath(Library, file)} declares {declared}";
        Assert.Empty(faults);
    }

    [Fact]
    public void Unsafe_code_and_intrinsics_live_in_Kernels_alone()
    {
        var faults = from file in SourceFiles()
                     where RoomOf(file) != "Kernels"
                     where UnsafeCode().IsMatch(File.ReadAllText(file))
                     select Path.GetRelativePath(Library, file);
        Assert.Empty(faults);
    }

    private static bool MayKnow(string room, string other) =>
        room != "Remote" && other != "Remote" && Array.IndexOf(Rooms, other) < Array.IndexOf(Rooms, room);

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Library, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Library, file).Split('/', '\\')[0] is not ("bin" or "obj"));

    private static string RoomOf(string file) => Path.GetRelativePath(Library, file).Split('/', '\\')[0];

    private static IEnumerable<string> RoomsNamedIn(string source) =>
        RoomName().Matches(source).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"\bAttnCrnn\.(Formats|Kernels|Onnx|Audio|Corpora|Encoders|Features|Metrics|Model|Interop|Training|Evaluation|Reports|Remote)\b")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    // Memory-mapped files hand out a pointer by SafeBuffer; reading one through spans needs no more than Kernels' own views.
    [GeneratedRegex(@"^\s*[^/\n]*\bunsafe\b|System\.Runtime\.Intrinsics", RegexOptions.Multiline)]
    private static partial Regex UnsafeCode();
}
