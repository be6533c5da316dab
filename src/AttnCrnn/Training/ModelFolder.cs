using AttnCrnn.Models;

namespace AttnCrnn.Training;

/// <summary>Files of a training's folder.</summary>
internal static class ModelFolder
{
    /// <summary>Path of the best epoch's model.</summary>
    public static string GetBestModelPath(string folder) =>
        Path.Combine(folder, "best_attn_crnn_model" + ModelFile.Extension);

    /// <summary>Path of the model after the last epoch.</summary>
    public static string GetFinalModelPath(string folder) =>
        Path.Combine(folder, "final_attn_crnn_model" + ModelFile.Extension);

    /// <summary>Folder of the checkpoints.</summary>
    public static string GetResumeFolder(string folder) => Path.Combine(folder, "resume");
}
