using System.Text;

namespace MedGen.Cli.Tests;

/// <summary>What a command run inside the test writes, and what the tasks and threads that it starts write; all else reaches the real console.</summary>
internal sealed class CapturedConsole : IDisposable
{
    private static readonly AsyncLocal<CapturedConsole?> Current = new();

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    static CapturedConsole()
    {
        Console.SetOut(new Routed(Console.Out, captured => captured._output));
        Console.SetError(new Routed(Console.Error, captured => captured._error));
    }

    private CapturedConsole()
    {
    }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public static CapturedConsole Start() => Current.Value = new CapturedConsole();

    public void Dispose() => Current.Value = null;

    // Console.SetOut makes it safe for several threads.
    private sealed class Routed(TextWriter console, Func<CapturedConsole, TextWriter> capturing) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Target => Current.Value is { } captured ? capturing(captured) : console;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(string? value) => Target.Write(value);

        public override void Flush() => Target.Flush();
    }
}
