namespace AttnCrnn.Corpora;

/// <summary>
/// What the license of a corpus allows; the license itself is in <see cref="CorpusCitation.License"/>.
/// </summary>
public enum LicenseKind
{
    /// <summary>Any use, with attribution or under the same license at most.</summary>
    Free,

    /// <summary>Any use that is not commercial.</summary>
    NonCommercial,

    /// <summary>Research only; the recordings can be downloaded.</summary>
    Research,

    /// <summary>Research only, after a registration or a signed agreement.</summary>
    ResearchOnRequest,

    /// <summary>The corpus is sold.</summary>
    Purchase,

    /// <summary>The authors' terms were not found; what third parties say is in the license.</summary>
    Unclear,
}
