using System.Text.Json;
using System.Xml.Linq;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests;

/// <summary>
/// What an application gets with AttnCrnn.Inference: no plots, no HTML, no HDF5 writer, no statistics.
/// </summary>
public sealed class InferencePackageTests
{
    private const string Project = "AttnCrnn.Inference";

    [Fact]
    public void The_package_depends_on_these_packages_alone()
    {
        var references =
            from reference in XDocument.Load(PathOf($"{Project}.csproj")).Descendants("PackageReference")
            where reference.Attribute("PrivateAssets") is null
            // Packages are made without -p:Gpu=true.
            where reference.Attribute("Condition")?.Value != "'$(Gpu)' == 'true'"
            select reference.Attribute("Include")!.Value;
        Assert.Equal(["Microsoft.ML.OnnxRuntime", "System.IO.Hashing", "System.Numerics.Tensors"], references.Order());
    }

    [Fact]
    public void An_application_gets_these_packages_and_their_dependencies()
    {
        string[] ofTheBuild =
        [
            "Microsoft.CodeAnalysis.BannedApiAnalyzers",
            "Microsoft.CodeAnalysis.PublicApiAnalyzers",
        ];
        using var locked = JsonDocument.Parse(File.ReadAllText(PathOf("packages.lock.json")));
        var packages =
            from framework in locked.RootElement.GetProperty("dependencies").EnumerateObject()
            from package in framework.Value.EnumerateObject()
            where !ofTheBuild.Contains(package.Name)
            select package.Name;
        Assert.Equal(
            [
                "Microsoft.ML.OnnxRuntime",
                "Microsoft.ML.OnnxRuntime.Managed",
                "System.IO.Hashing",
                "System.Numerics.Tensors",
            ],
            packages.Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_package_does_not_use_the_rest_of_the_library()
    {
        var assembly = typeof(Ensemble).Assembly;
        Assert.Equal(Project, assembly.GetName().Name);
        Assert.DoesNotContain("AttnCrnn", assembly.GetReferencedAssemblies().Select(reference => reference.Name));
        Assert.Empty(XDocument.Load(PathOf($"{Project}.csproj")).Descendants("ProjectReference"));
    }

    [Fact]
    public void Every_public_class_with_state_says_whether_threads_may_share_it()
    {
        var documentation = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, $"{Project}.xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Value);
        var silent =
            from type in typeof(Ensemble).Assembly.GetExportedTypes()
            where type.IsClass || type.IsInterface
            where !(type.IsAbstract && type.IsSealed) // static
            where !typeof(Exception).IsAssignableFrom(type)
            where type.GetMethod("<Clone>$") is null // an immutable record
            where
                !documentation[$"T:{type.FullName}"].Contains("thread-safe", StringComparison.OrdinalIgnoreCase)
            select type.Name;
        Assert.Empty(silent);
    }

    private static string PathOf(string file) => Repository.Path("src", Project, file);
}
