using AttnCrnn.Encoders;

namespace AttnCrnn.Export;

/// <summary>The options of the export of a run. Which of them a format supports is in its exporter.</summary>
public sealed record RunExportOptions
{
    /// <summary>The encoder to include, so that the exported models take samples; null: they take frames.</summary>
    public IEncoder? Encoder { get; init; }

    /// <summary>Identifier of the license under which the model is published; null: none is stated.</summary>
    public string? License { get; init; }

    /// <summary>Labels of the models' outputs in order, for archives without labels; otherwise null.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What these options require of the format.</summary>
    public ExportFeatures Required => Encoder is null ? ExportFeatures.None : ExportFeatures.Waveform;

    /// <summary>Every exporter calls this first, so that no option is ignored.</summary>
    /// <exception cref="ArgumentException">The exporter does not support an option that is set.</exception>
    public void ThrowIfUnsupported(IRunExporter exporter)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        if ((Required & ~exporter.Supports) is not ExportFeatures.None and var unsupported)
            throw new ArgumentException(
                $"{exporter.Name} does not support {unsupported}; it supports {exporter.Supports}: "
                    + "choose another format, or omit the option"
            );
    }
}
