using AttnCrnn.Models;

namespace AttnCrnn.Testing.Formats;

/// <summary>Archives that this library writes.</summary>
internal static class KerasRewriter
{
    private static readonly string[] Labels = ["n", "c", "h", "s", "a", "f"];

    /// <summary>Reads an archive that Keras wrote, writes it to a folder and returns the path.</summary>
    public static string Rewrite(TempFolder folder, string fixture)
    {
        var archive = ModelFile.Read(Fixtures.Path("keras", fixture), Labels, withOptimizer: true);
        var path = folder.PathOf(fixture);
        ModelFileWriter.Write(path, archive.Info, archive.Tensors, archive.Optimizer);
        return path;
    }

    /// <summary>The weights file of a network that learns a mix of encoder layers.</summary>
    public static byte[] WriteWeightsWithLayerMix(TempFolder folder)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create("mix");
        var path = folder.PathOf("mix.keras");
        ModelFileWriter.Write(path, model, tensors, optimizer);
        return KerasBuilder.FromFile(path)["model.weights.h5"];
    }
}
