using System.Collections.Concurrent;
using MedGen.Application.Curation;

namespace MedGen.Application.Tests;

/// <summary>A curator that tells what a test says, and then ends or waits.</summary>
internal sealed class FakeCurator : IVideoCurator
{
    public ConcurrentQueue<CurationOrder> Orders { get; } = new();

    /// <summary>What it tells before it ends.</summary>
    public double[] Shares { get; set; } = [];

    /// <summary>Awaited before it ends; null: it ends at once.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Completes when it has begun.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Check(string spec)
    {
        if (spec == "wrong")
        {
            throw new Sdk.Errors.InvalidInputException("spec", "got wrong; allowed: anything else.");
        }
    }

    public async Task<VideosCurated> CurateAsync(CurationOrder order, Action<CurationAdvance> progress, CancellationToken cancellationToken)
    {
        Orders.Enqueue(order);
        Begun.TrySetResult();
        foreach (double share in Shares)
        {
            progress(new CurationAdvance(share, TimeSpan.FromSeconds(9)));
        }

        await (Gate?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return new VideosCurated
        {
            Films = 2, Clips = 3, Seconds = 21, Splits = new Dictionary<string, int> { ["train"] = 3 }, Funnel = [new("shots", "clips", 2, 3, null)], Warnings = [],
        };
    }
}
