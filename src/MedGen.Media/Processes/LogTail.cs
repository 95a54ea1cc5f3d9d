namespace MedGen.Media.Processes;

/// <summary>The last error lines of a child, bounded, with our own path of the file replaced by its name.</summary>
internal sealed class LogTail(string path, string fileName)
{
    private const int MaxLines = 8;
    private const int MaxLineLength = 240;

    private readonly Queue<string> _lines = new();

    public bool IsEmpty => _lines.Count == 0;

    public void Add(string line)
    {
        string text = line.Trim().Replace("file:" + path, fileName, StringComparison.Ordinal).Replace(path, fileName, StringComparison.Ordinal);
        if (text.Length == 0 || _lines.Contains(text))
        {
            return;
        }

        if (_lines.Count == MaxLines)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(text.Length <= MaxLineLength ? text : text[..MaxLineLength]);
    }

    public override string ToString() => string.Join("; ", _lines);
}
