using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace AttnCrnn.Formats.Safetensors;

/// <summary>
/// Writes safetensors files: a header with names, types and shapes, then the bytes in the same order.
/// </summary>
internal static class SafetensorsWriter
{
    /// <param name="stream">Destination.</param>
    /// <param name="metadata">Metadata strings of the header.</param>
    /// <param name="tensors">The tensors, each with an action that writes exactly its bytes.</param>
    /// <exception cref="InvalidOperationException">
    /// An action wrote a different number of bytes than declared.
    /// </exception>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyList<(string Name, string Type, IReadOnlyList<long> Shape, long Bytes, Action<Stream> Write)> tensors
    )
    {
        var header = new JsonObject();
        if (metadata.Count > 0)
            header["__metadata__"] = new JsonObject(
                metadata.Select(text => KeyValuePair.Create<string, JsonNode?>(text.Key, text.Value))
            );
        long offset = 0;
        foreach (var (name, type, shape, bytes, _) in tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset + bytes),
            };
            offset += bytes;
        }
        var text = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        var padded = (text.Length + 7) / 8 * 8;
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(head, padded);
        stream.Write(head);
        stream.Write(text);
        for (var i = text.Length; i < padded; i++)
            stream.WriteByte((byte)' ');
        foreach (var (name, _, _, bytes, write) in tensors)
        {
            var start = stream.Position;
            write(stream);
            if (stream.Position - start != bytes)
                throw new InvalidOperationException(
                    $"{name}: {stream.Position - start} bytes written, {bytes} declared"
                );
        }
    }
}
