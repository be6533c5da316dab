namespace AttnCrnn.IO;

/// <summary>What <see cref="XmlScanner"/> stands at.</summary>
internal enum XmlNode
{
    /// <summary>Before the document, or after it.</summary>
    None,

    /// <summary>A start tag; an empty element has one as well.</summary>
    Start,

    /// <summary>An end tag; an empty element has one as well.</summary>
    End,

    /// <summary>Text between tags.</summary>
    Text,
}
