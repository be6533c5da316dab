using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// Downloads a speech model from a Hugging Face repository: configuration, preprocessor and one format of weights.
/// </summary>
internal static class HubCheckpoint
{
    /// <summary>Ensures that all files are in the cache.</summary>
    /// <returns>The folder that holds them.</returns>
    /// <exception cref="InvalidInputException">A required file cannot be downloaded.</exception>
    public static string Fetch(HubSnapshot snapshot)
    {
        if (snapshot.Find(SpeechFamilies.Adapter) is not null)
            return snapshot.Folder; // the folder is rejected later
        snapshot.Get(SpeechFamilies.Config);
        if (snapshot.Find(SpeechFamilies.Preprocessor) is null)
            snapshot.Find(SpeechFamilies.Processor);
        foreach (var fileName in (string[])["model.safetensors", "pytorch_model.bin"])
        {
            snapshot.Announce([fileName]);
            if (snapshot.Find(fileName) is not null)
                return snapshot.Folder;
            if (snapshot.Find($"{fileName}.index.json") is not { } index)
                continue;
            string[] shards = [.. CheckpointShardIndex.Read(index).Keys];
            snapshot.Announce(shards);
            foreach (var shard in shards)
                snapshot.Get(shard);
            return snapshot.Folder;
        }
        snapshot.Get("model.safetensors"); // throws with the reason
        return snapshot.Folder;
    }
}
