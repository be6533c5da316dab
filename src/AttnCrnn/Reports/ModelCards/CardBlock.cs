namespace AttnCrnn.Reports.ModelCards;

/// <summary>A heading of a model card and what follows it, independent of the format.</summary>
/// <param name="Title">The heading; empty: the beginning of the card, without a heading.</param>
/// <param name="Blocks">In the order of the card.</param>
internal sealed record CardSection(string Title, IReadOnlyList<CardBlock> Blocks);

/// <summary>A paragraph, list, table, image or example of a model card.</summary>
internal abstract record CardBlock;

/// <summary>A paragraph.</summary>
internal sealed record CardText(string Text) : CardBlock;

/// <summary>A warning that begins with a title.</summary>
internal sealed record CardWarning(string Title, string Text) : CardBlock;

/// <summary>A list of sentences.</summary>
internal sealed record CardList(IReadOnlyList<string> Items) : CardBlock;

/// <summary>A table.</summary>
/// <param name="Rows">[rows][columns]; the first cell of a row names it.</param>
internal sealed record CardTable(
    string Caption,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows
) : CardBlock;

/// <summary>An image beside the card, as PNG.</summary>
/// <param name="FileName">Name of the file in the folder of the card.</param>
/// <param name="Caption">What the image shows.</param>
/// <param name="Png">The image, which a page contains.</param>
internal sealed record CardImage(string FileName, string Caption, byte[] Png) : CardBlock;

/// <summary>Commands or a program, to be copied.</summary>
/// <param name="Language">Name of the language, as in <c>python</c>.</param>
internal sealed record CardExample(string Language, string Text) : CardBlock;
