using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Generation;

/// <summary>What generation jobs were asked for, without their prompts; jobs of other kinds are left out.</summary>
[Operation("GetJob")]
public sealed record DescribeGenerations : IRequest<IReadOnlyDictionary<string, GenerationSummary>>
{
    /// <summary>Ids of the jobs, at most 100.</summary>
    [MaxLength(100)]
    public required IReadOnlyList<string> JobIds { get; init; }
}

/// <summary>What a generation job was asked for, with the model's defaults where nothing was said.</summary>
public sealed record GenerationSummary
{
    /// <summary>Name of the model; null: the plugin's own, or the job is from before it was noted.</summary>
    public string? Model { get; init; }

    /// <summary>Width in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px.</summary>
    public required int Height { get; init; }

    /// <summary>Number of frames.</summary>
    public required int NumFrames { get; init; }

    /// <summary>Frame rate in frames per second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Seed of the noise.</summary>
    public required long Seed { get; init; }
}

internal sealed class DescribeGenerationsHandler(IJobStore jobs, ItemVisibility visibility)
    : IRequestHandler<DescribeGenerations, IReadOnlyDictionary<string, GenerationSummary>>
{
    public async Task<IReadOnlyDictionary<string, GenerationSummary>> Handle(DescribeGenerations request, CancellationToken cancellationToken)
    {
        Dictionary<string, GenerationSummary> found = [];
        foreach (string id in request.JobIds)
        {
            Job job = await visibility.RequireAsync(
                await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false), "job", id, cancellationToken).ConfigureAwait(false);
            if (job.Kind == JobKind.Generation)
            {
                string asked = await jobs.FindRequestAsync(id, cancellationToken).ConfigureAwait(false)
                    ?? throw new ResourceNotFoundException("job", id);
                found[id] = Summarize(JobJson.Read<ResolvedGeneration>(asked));
            }
        }

        return found;
    }

    private static GenerationSummary Summarize(ResolvedGeneration asked) => new()
    {
        Model = asked.Model ?? asked.ResolvedWith,
        Width = asked.Request.Width,
        Height = asked.Request.Height,
        NumFrames = asked.Request.NumFrames,
        FramesPerSecond = asked.Request.FramesPerSecond,
        Seed = asked.Request.Seed,
    };
}
