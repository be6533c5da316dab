extern alias library;
using System.Security.Cryptography;
using System.Text;
using library::AttnCrnn.IO;
using library::AttnCrnn.Numerics.Hashing;

namespace AttnCrnn.Tests.Numerics.Hashing;

/// <summary>The hashes of the standards, and of .NET for all lengths around a block.</summary>
public sealed class BlockHashTests
{
    /// <summary>Examples of FIPS 180-4 (NIST's SHA256.pdf and SHA1.pdf) and of RFC 1321.</summary>
    [Theory]
    [InlineData("sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "sha256",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    )]
    [InlineData("sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData(
        "sha1",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
    )]
    [InlineData("md5", "", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("md5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData(
        "md5",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
    )]
    public void A_hash_is_that_of_its_standard(string algorithm, string text, string expected)
    {
        var hash = Create(algorithm);
        hash.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, Convert.ToHexStringLower(hash.Finish()));
    }

    [Fact]
    public void SHA_256_of_a_million_letters_is_that_of_the_standard()
    {
        var hash = new Sha256Hash();
        var letters = Enumerable.Repeat((byte)'a', 1000).ToArray();
        for (var i = 0; i < 1000; i++)
            hash.Append(letters);
        Assert.Equal(
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            Convert.ToHexStringLower(hash.Finish())
        );
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha1")]
    [InlineData("md5")]
    public void A_hash_of_0_to_200_bytes_is_that_of_dotNET(string algorithm)
    {
        var bytes = RandomBytes(200);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var hash = Create(algorithm);
            hash.Append(bytes.AsSpan(0, length));
            Assert.Equal(ComputeByDotNet(algorithm, bytes.AsSpan(0, length)), hash.Finish());
        }
    }

    /// <summary>Chunks of 0 to 299 bytes: every way to begin and to end within a block.</summary>
    [Theory]
    [InlineData("sha256")]
    [InlineData("sha1")]
    [InlineData("md5")]
    public void A_mebibyte_appended_in_chunks_has_the_hash_of_dotNET(string algorithm)
    {
        var bytes = RandomBytes(1 << 20);
        var random = new Random(2);
        var hash = Create(algorithm);
        for (var rest = bytes.AsSpan(); rest.Length > 0; )
        {
            var count = Math.Min(rest.Length, random.Next(300));
            hash.Append(rest[..count]);
            rest = rest[count..];
        }
        Assert.Equal(ComputeByDotNet(algorithm, bytes), hash.Finish());
    }

    [Fact]
    public void Hexadecimal_digits_of_a_file_are_those_of_its_bytes()
    {
        using var folder = new TempFolder();
        var bytes = RandomBytes(300_001);
        File.WriteAllBytes(folder.PathOf("file"), bytes);
        var expected = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(expected, Sha256.ComputeFile(folder.PathOf("file")));
        Assert.Equal(expected, Sha256.Compute(bytes));
    }

    private static BlockHash Create(string algorithm) =>
        algorithm switch
        {
            "sha256" => new Sha256Hash(),
            "sha1" => new Sha1Hash(),
            _ => new Md5Hash(),
        };

#pragma warning disable CA5350, CA5351 // SHA-1 and MD5 belong to the formats of git and FLAC
    private static byte[] ComputeByDotNet(string algorithm, ReadOnlySpan<byte> bytes) =>
        algorithm switch
        {
            "sha256" => SHA256.HashData(bytes),
            "sha1" => SHA1.HashData(bytes),
            _ => MD5.HashData(bytes),
        };
#pragma warning restore CA5350, CA5351

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
