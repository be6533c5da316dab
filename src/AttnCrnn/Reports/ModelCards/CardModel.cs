using AttnCrnn.Models;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>A model file of a card.</summary>
/// <param name="FileName">Name of the file, in the folder of the card or of the run; no path.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Info">Labels, network, encoder and training options.</param>
internal sealed record CardModel(string FileName, string Sha256, TrainedModelInfo Info);
