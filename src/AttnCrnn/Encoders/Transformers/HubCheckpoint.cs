using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// The files of a speech model in a repository of the hub: configuration, preprocessor and one form of the weights.
/// </summary>
internal static class HubCheckpoint
{
    /// <summary>Sees that all files are in the cache.</summary>
    /// <returns>The folder that holds them.</returns>
    /// <exception cref="InvalidInputException">A file is missing and cannot be fetched.</exception>
    public static string Fetch(HubSnapshot snapshot)
    {
        if (snapshot.Find(SpeechFamilies.Adapter) is not null)
            return snapshot.Folder; // which is refused as a folder is
        snapshot.Get("config.json");
        if (snapshot.Find("preprocessor_config.json") is null)
            snapshot.Find("processor_config.json");
        foreach (var form in (string[])["model.safetensors", "pytorch_model.bin"])
        {
            snapshot.Announce([form]);
            if (snapshot.Find(form) is not null)
                return snapshot.Folder;
            if (snapshot.Find($"{form}.index.json") is not { } index)
                continue;
            string[] shards = [.. CheckpointShardIndex.Read(index).Keys];
            snapshot.Announce(shards);
            foreach (var shard in shards)
                snapshot.Get(shard);
            return snapshot.Folder;
        }
        snapshot.Get("model.safetensors"); // says why there is none
        return snapshot.Folder;
    }
}
