using AttnCrnn.Encoders;

namespace AttnCrnn.Export;

/// <summary>The options of an export. Which of them a format supports is in its exporter.</summary>
public sealed record ExportOptions
{
    /// <summary>The encoder to include, so that the model takes samples; null: it takes frames.</summary>
    public IEncoder? Encoder { get; init; }

    /// <summary>Whether the weights are stored as int8 instead of float32.</summary>
    public bool QuantizeInt8 { get; init; }

    /// <summary>What these options require of the format.</summary>
    public ExportFeatures Required =>
        (Encoder is null ? ExportFeatures.None : ExportFeatures.Waveform)
        | (QuantizeInt8 ? ExportFeatures.Int8Weights : ExportFeatures.None);

    /// <summary>Every exporter calls this first, so that no option is ignored.</summary>
    /// <exception cref="ArgumentException">The exporter does not support an option that is set.</exception>
    public void ThrowIfUnsupported(IModelExporter exporter)
    {
        var unsupported = Required & ~exporter.Supports;
        if (unsupported != ExportFeatures.None)
            throw new ArgumentException(
                $"{exporter.Name} does not support {unsupported}; it supports {exporter.Supports}: "
                    + "choose another format, or omit the option"
            );
    }
}
