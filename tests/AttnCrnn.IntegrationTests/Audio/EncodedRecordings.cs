namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>The same noise in files of several formats, each of which is encoded once.</summary>
public sealed class EncodedRecordings : IDisposable
{
    /// <summary>Duration of the noise.</summary>
    public const double Seconds = 6;

    /// <summary>ffmpeg's source of the noise.</summary>
    public const string Noise = "anoisesrc=d=6:c=pink:a=0.3:r=16000:seed=1";

    private readonly TempFolder folder = new();

    /// <summary>The bytes of a recording.</summary>
    /// <param name="name">File name, of one encoding.</param>
    /// <param name="encoding">ffmpeg's options.</param>
    public byte[] Read(string name, string encoding) => File.ReadAllBytes(Encode(name, encoding));

    /// <summary>The path of a recording; the parameters are those of <see cref="Read"/>.</summary>
    public string Encode(string name, string encoding)
    {
        var path = folder.PathOf(name);
        if (!File.Exists(path))
            Ffmpeg.Run(["-f", "lavfi", "-i", Noise, .. encoding.Split(' '), path]);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
