using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;

namespace AttnCrnn.Tests.Encoders;

/// <summary>The built-in encoder: consistency of its files, and damage to them.</summary>
public sealed partial class BuiltInEncoderTests : IDisposable
{
    private const string Name = "whisper-tiny.en";

    private static readonly string Folder = Repository.Path("models", Name);

    private readonly TempFolder copy = new();

    public void Dispose() => copy.Dispose();

    [Fact]
    public void Every_tensor_matches_its_checksum_in_checksums_json()
    {
        using var json = Checksums();
        using var files = CheckpointFiles.Open(Folder);
        Assert.Equal(
            files.Tensors.ToDictionary(tensor => tensor.Key, tensor => Hash(Bytes(tensor.Value))),
            Entries(json, "tensors")
        );
    }

    [Fact]
    public void Small_files_match_their_checksums_in_checksums_json()
    {
        using var json = Checksums();
        string[] names = ["config.json", "preprocessor_config.json"];
        var hashes = names.ToDictionary(name => name, name => HashOf(Path.Combine(Folder, name)));
        Assert.Equal(hashes, Entries(json, "files"));
    }

    [Fact]
    public void The_README_gives_the_size_and_the_SHA_256_of_the_weights()
    {
        var weights = File.ReadAllBytes(Path.Combine(Folder, "model.safetensors"));
        var documented = SizeAndHash().Match(File.ReadAllText(Path.Combine(Folder, "README.md")));
        Assert.Equal(weights.Length.ToString("N0", CultureInfo.InvariantCulture), documented.Groups[1].Value);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(weights)), documented.Groups[2].Value);
    }

    [Fact]
    public void The_revision_is_the_hash_of_the_folder_without_its_checksums()
    {
        Copy(name => name != "checksums.json");
        using var files = CheckpointFiles.Open(copy.Path);
        using var json = Checksums();
        Assert.Null(files.Revision);
        Assert.Equal(
            SpeechCheckpoint.Open(copy.Path).ComputeHash(files),
            json.RootElement.GetProperty("revision").GetString()
        );
    }

    [Fact]
    public void The_encoders_revision_matches_checksums_json()
    {
        using var json = Checksums();
        using var encoder = EncoderCatalog.Open(new(Name), notice => { });
        var revision = json.RootElement.GetProperty("revision").GetString();
        Assert.StartsWith($"{revision}-", encoder.Description.Revision, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_in_the_application_folder_equal_the_repositorys()
    {
        var beside = BuiltInEncoder.Find(Name)!.Folder;
        foreach (var path in Directory.GetFiles(Folder))
            Assert.Equal(HashOf(path), HashOf(Path.Combine(beside, Path.GetFileName(path))));
    }

    [Theory]
    [InlineData("model.encoder.conv1.weight")]
    [InlineData("model.encoder.embed_positions.weight")]
    [InlineData("model.encoder.layers.1.fc2.bias")]
    public void A_flipped_bit_in_a_tensor_that_is_read_is_rejected_with_file_and_tensor(string tensor)
    {
        Copy();
        Flip(tensor);
        var error = Assert.Throws<InvalidFileException>(() => OpenCopy("2"));
        Assert.Contains(PathOf("model.safetensors"), error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{tensor}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the file is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.encoder.layers.2.fc2.bias")]
    [InlineData("model.encoder.layer_norm.weight")]
    public void Damage_beyond_the_deepest_layer_read_is_not_detected(string tensor)
    {
        Copy();
        Flip(tensor);
        using var encoder = OpenCopy("2");
        Assert.Equal("2", encoder.Description.Layers);
        Assert.Throws<InvalidFileException>(() => OpenCopy("last"));
    }

    [Fact]
    public void Without_checksums_the_built_in_encoder_counts_as_absent()
    {
        var encoder = new BuiltInEncoder($"test-{Guid.NewGuid():N}", "A.Package");
        try
        {
            Directory.CreateDirectory(encoder.Folder);
            foreach (var name in (string[])["config.json", "preprocessor_config.json", "model.safetensors"])
                File.Copy(Path.Combine(Folder, name), Path.Combine(encoder.Folder, name));
            var exception = Assert.Throws<InvalidInputException>(() => encoder.Open(new()));
            Assert.Contains("A.Package", exception.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidInputException>(encoder.Check);
        }
        finally
        {
            Directory.Delete(encoder.Folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"revision": null, "files": {}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {}}""")]
    [InlineData("""{"revision": "1", "files": {"config.json": null}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {"config.json": "x", "config.json": "y"}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {"..": "x"}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {"../config.json": "x"}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {"a\u0000b": "x"}, "tensors": {}}""")]
    [InlineData("""{"revision": "1", "files": {}, "tensors": {"t": 1}}""")]
    public void Invalid_checksums_are_rejected_with_their_file(string text)
    {
        Copy();
        File.WriteAllText(PathOf("checksums.json"), text);
        var error = Assert.Throws<InvalidFileException>(() => OpenCopy("2"));
        Assert.StartsWith(PathOf("checksums.json"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    public void A_flipped_bit_anywhere_in_a_small_file_is_rejected_with_the_file(string name)
    {
        Copy();
        var bytes = File.ReadAllBytes(PathOf(name));
        for (var offset = 0; offset < bytes.Length; offset++)
        {
            bytes[offset] ^= (byte)(1 << (offset % 8));
            File.WriteAllBytes(PathOf(name), bytes);
            var error = Assert.Throws<InvalidFileException>(() => OpenCopy("2"));
            Assert.StartsWith(PathOf(name), error.Message, StringComparison.Ordinal);
            Assert.Contains("the file is damaged or was changed", error.Message, StringComparison.Ordinal);
            bytes[offset] ^= (byte)(1 << (offset % 8));
        }
    }

    [Fact]
    public void A_copy_in_another_folder_opens_with_the_same_revision()
    {
        Copy();
        using var builtIn = EncoderCatalog.Open(new(Name), notice => { });
        using var folder = EncoderCatalog.Open(new(copy.Path), notice => { });
        Assert.Equal(copy.Path, folder.Description.Name);
        Assert.Equal(builtIn.Description, folder.Description with { Name = Name });
    }

    [Fact]
    public void A_revision_of_the_built_in_encoder_is_rejected_with_alternatives()
    {
        var request = new EncoderRequest(Name, Revision: "main");
        var error = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, notice => { }));
        Assert.Contains("revision main", error.Message, StringComparison.Ordinal);
        Assert.Contains("openai/whisper-tiny.en", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_reported_with_the_package_that_contains_them()
    {
        var encoder = new BuiltInEncoder("nowhere", "AttnCrnn.Encoders.WhisperTiny");
        var error = Assert.Throws<InvalidInputException>(() => encoder.Open(new()));
        Assert.Contains(encoder.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("add the NuGet package AttnCrnn.Encoders.WhisperTiny", error.Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => copy.PathOf(name);

    private void Copy(Func<string, bool>? takes = null)
    {
        foreach (var path in Directory.GetFiles(Folder))
            if (takes?.Invoke(Path.GetFileName(path)) ?? true)
                File.Copy(path, PathOf(Path.GetFileName(path)));
    }

    private SpeechEncoder OpenCopy(string layers) => new(copy.Path, "copy", null, new(layers));

    private void Flip(string tensor)
    {
        long offset;
        using (var files = CheckpointFiles.Open(copy.Path))
            offset = files.Tensors[tensor].Offset + 5;
        using var stream = File.Open(PathOf("model.safetensors"), FileMode.Open);
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ 1));
    }

    private static byte[] Bytes(CheckpointTensor tensor)
    {
        using var stream = File.OpenRead(tensor.File);
        stream.Position = tensor.Offset;
        var bytes = new byte[tensor.Bytes];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static JsonDocument Checksums() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "checksums.json")));

    private static Dictionary<string, string> Entries(JsonDocument json, string name) =>
        json
            .RootElement.GetProperty(name)
            .EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    private static string HashOf(string path) => Hash(File.ReadAllBytes(path));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(XxHash128.Hash(bytes));

    [GeneratedRegex("([0-9,]+) bytes, SHA-256 `([0-9a-f]{64})`")]
    private static partial Regex SizeAndHash();
}
