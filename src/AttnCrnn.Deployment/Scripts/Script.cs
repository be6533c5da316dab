using System.Reflection;
using System.Text;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Deployment.Scripts;

/// <summary>A POSIX shell script with its arguments, sent to <c>sh -s</c> without further quoting.</summary>
/// <param name="Name">Display name: the file name in this folder.</param>
/// <param name="Text">One function, called by the last line, so that a truncated script does nothing.</param>
public sealed record Script(string Name, string Text)
{
    /// <summary>One of the scripts in this folder.</summary>
    /// <param name="name">The file name without extension, as in <c>status</c>.</param>
    /// <param name="jobRunner">The job runner whose functions the script calls; null if it calls none.</param>
    /// <param name="arguments">Its <c>$1</c>, <c>$2</c>, …, passed unchanged.</param>
    internal static Script Create(string name, IJobRunner? jobRunner, params string[] arguments) =>
        Compose(name, jobRunner, "</dev/null", arguments);

    /// <summary>Like <see cref="Create"/>, but data sent after the script is its standard input.</summary>
    internal static Script CreateWithInput(string name, params string[] arguments) =>
        Compose(name, null, "", arguments);

    /// <summary>A script from text, without arguments.</summary>
    internal static Script FromText(string text) => new("script", text);

    private static Script Compose(string name, IJobRunner? jobRunner, string input, string[] arguments)
    {
        var text = new StringBuilder("set --");
        foreach (var argument in arguments)
            text.Append(' ').Append(ShellText.Quote(argument));
        text.Append("\nattn_crnn() {\nset -eu\numask 077\n").Append(jobRunner?.ShellFunctions).Append(Read("shared"));
        text.Append(Read(name)).Append("}\nattn_crnn \"$@\" ").Append(input).Append('\n');
        return new(name, text.ToString());
    }

    /// <summary>The text of a script file.</summary>
    internal static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.sh")
            ?? throw new InvalidOperationException($"{name}.sh is not an embedded script");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
