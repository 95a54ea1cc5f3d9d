using System.Collections.Concurrent;
using MedGen.Application.Plugins;

namespace MedGen.Application.Tests;

/// <summary>Remembers in memory which calls began and how they ended; the test says which jobs are suspects.</summary>
internal sealed class FakeJournal : IPluginCallJournal
{
    public HashSet<string> Suspects { get; } = [];

    public IReadOnlyCollection<string> SuspectJobs => Suspects;

    /// <summary>The job of each call, in their order.</summary>
    public ConcurrentQueue<string?> Begun { get; } = new();

    public ConcurrentQueue<bool> Ended { get; } = new();

    public Action<bool> Begin(string pluginId, string pluginVersion, string? jobId)
    {
        Begun.Enqueue(jobId);
        return Ended.Enqueue;
    }
}
