using System.Reflection;
using System.Text;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Deployment.Scripts;

/// <summary>A script of the POSIX shell with its arguments, to be sent to <c>sh -s</c>: no quoting stands between it and the shell.</summary>
/// <param name="Name">For people: the file under Remote/Scripts.</param>
/// <param name="Text">
/// The whole is one function that the last line calls: of a script that is cut off on its way, nothing runs.
/// </param>
public sealed record Script(string Name, string Text)
{
    /// <summary>One of the scripts beside this class.</summary>
    /// <param name="name">As in <c>status</c>.</param>
    /// <param name="jobRunner">Whose functions the script calls; null where it calls none.</param>
    /// <param name="arguments">Its <c>$1</c>, <c>$2</c>, …, exactly as they are.</param>
    internal static Script Create(string name, IJobRunner? jobRunner, params string[] arguments) =>
        Compose(name, jobRunner, "</dev/null", arguments);

    /// <summary>As <see cref="Create"/>, but what comes after the script is the script's own input.</summary>
    internal static Script WithInput(string name, params string[] arguments) => Compose(name, null, "", arguments);

    /// <summary>A script of one's own, without arguments.</summary>
    internal static Script Plain(string text) => new("script", text);

    private static Script Compose(string name, IJobRunner? jobRunner, string input, string[] arguments)
    {
        var text = new StringBuilder("set --");
        foreach (var argument in arguments)
            text.Append(' ').Append(ShellText.Quote(argument));
        text.Append("\nattn_crnn() {\nset -eu\numask 077\n").Append(jobRunner?.Functions).Append(Read("shared"));
        text.Append(Read(name)).Append("}\nattn_crnn \"$@\" ").Append(input).Append('\n');
        return new(name, text.ToString());
    }

    /// <summary>The text of a file under Remote/Scripts.</summary>
    internal static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.sh")
            ?? throw new InvalidOperationException($"{name}.sh is no script of the program");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
