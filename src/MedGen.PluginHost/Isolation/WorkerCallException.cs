namespace MedGen.PluginHost.Isolation;

/// <summary>A plugin in a process of its own threw something that is not meant for callers.</summary>
/// <param name="type">Name of the exception's type.</param>
/// <param name="text">Its message; for the log.</param>
internal sealed class WorkerCallException(string type, string text) : Exception($"The plugin threw {type}: {text}")
{
    /// <summary>Name of the exception's type.</summary>
    public string Type => type;

    /// <summary>The exception's message.</summary>
    public string Text => text;
}
