using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Formats.Safetensors;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Tensors of a checkpoint of any version, hashed as version 1 kept them.</summary>
internal static class GoldenCheckpoint
{
    // Version 1 kept all tensors in one buffer, each at a multiple of 16 numbers, with zeros between them.
    private const int Alignment = 16;

    /// <summary>SHA-256 of the concatenated buffers.</summary>
    /// <param name="kinds">Of <c>values</c>, <c>moment</c> and <c>velocity</c>.</param>
    public static string Hash(string path, params string[] kinds)
    {
        using var file = SafetensorsFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var kind in kinds)
            hash.AppendData(MemoryMarshal.AsBytes(Buffer(file, kind)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<float> Buffer(SafetensorsFile file, string kind)
    {
        if (file.Entries.ContainsKey(kind))
            return Read(file, kind);
        var buffer = new List<float>();
        var tensors = file
            .Entries.Where(entry => entry.Key.StartsWith(kind + "/", StringComparison.Ordinal))
            .OrderBy(entry => entry.Value.Begin);
        foreach (var (name, _) in tensors)
        {
            buffer.AddRange(Read(file, name));
            while (buffer.Count % Alignment != 0)
                buffer.Add(0);
        }
        return CollectionsMarshal.AsSpan(buffer);
    }

    private static float[] Read(SafetensorsFile file, string name)
    {
        var values = new float[file.Entries[name].Count];
        file.Read(name, values);
        return values;
    }
}
