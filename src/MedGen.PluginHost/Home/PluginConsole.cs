using System.Text;

namespace MedGen.PluginHost.Home;

/// <summary>
/// Standard output and error of this process. What a plugin in it prints goes to its log, so that it gets neither into the answers of a command nor
/// unnamed into the host's log; what others print goes where it went. What native code prints is not seen.
/// </summary>
internal sealed class PluginConsole : TextWriter
{
    private static readonly AsyncLocal<PluginLog?> Printing = new();
    private static readonly Lock Gate = new();
    private static TextWriter? _out;
    private static TextWriter? _error;

    private readonly TextWriter _other;

    private PluginConsole(TextWriter other) => _other = other;

    /// <inheritdoc />
    public override Encoding Encoding => _other.Encoding;

    /// <summary>From here on, in this flow of calls and what it starts, what is printed is a plugin's.</summary>
    /// <param name="log">The plugin's log.</param>
    public static void Enter(PluginLog log)
    {
        Printing.Value = log;
        lock (Gate)
        {
            // Anew if somebody has set another meanwhile; the console wraps what is set once more.
            if (!ReferenceEquals(Console.Out, _out))
            {
                Console.SetOut(new PluginConsole(Console.Out));
                _out = Console.Out;
            }

            if (!ReferenceEquals(Console.Error, _error))
            {
                Console.SetError(new PluginConsole(Console.Error));
                _error = Console.Error;
            }
        }
    }

    /// <inheritdoc />
    public override void Write(char value) => Write([value]);

    /// <inheritdoc />
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc />
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (Printing.Value is { } log)
        {
            log.Print(buffer);
        }
        else
        {
            _other.Write(buffer);
        }
    }

    /// <inheritdoc />
    public override void WriteLine(string? value) => Write(string.Concat(value, NewLine));

    /// <inheritdoc />
    public override void Flush() => _other.Flush();
}
