using AttnCrnn.Models;

namespace AttnCrnn.Export.Hub;

/// <summary>A model of the exported folder.</summary>
/// <param name="KerasFile">Name of its archive.</param>
/// <param name="OnnxFile">Name of its ONNX file.</param>
/// <param name="Sha256">SHA-256 of the archive.</param>
/// <param name="Info">Its description, without what is private.</param>
internal sealed record HubModel(string KerasFile, string OnnxFile, string Sha256, TrainedModelInfo Info)
{
    /// <summary>What users of the files must know, one line each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether the encoder is neither included in the program nor on the hub.</summary>
    public bool HasFolderEncoder { get; init; }
}
