using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Cluster;

/// <summary>What a generation with the resident model needs of the host that does it. Every host does every other job.</summary>
internal sealed record JobNeeds
{
    /// <summary>Name of the model that the caller gave; null: none, so that the weights count and not what their folder is called.</summary>
    public string? Named { get; init; }

    /// <summary>Name of the model whose defaults the job has.</summary>
    public required string Model { get; init; }

    /// <summary>That model's hash; null: the job is from before it was noted.</summary>
    public string? ModelHash { get; init; }

    /// <summary>The adapters, as the model is asked for them.</summary>
    public required IReadOnlyList<string> Adapters { get; init; }

    /// <summary>The clip.</summary>
    public required VideoGenerationRequest Clip { get; init; }

    /// <summary>What a job that waits needs; null: nothing that hosts differ in.</summary>
    public static JobNeeds? Of(Job job, string request, AdapterNames adapters)
    {
        if (job.Kind != JobKind.Generation)
        {
            return null;
        }

        try
        {
            return Of(JobJson.Read<ResolvedGeneration>(request), job.Tenant, adapters);
        }
        catch (FailedPreconditionException)
        {
            // Of another version: whoever takes it says so.
            return null;
        }
    }

    /// <summary>What a generation needs; null: nothing that hosts differ in.</summary>
    public static JobNeeds? Of(ResolvedGeneration asked, string tenant, AdapterNames adapters) => asked.ResolvedWith is not { } model ? null : new()
    {
        Named = asked.Model,
        Model = model,
        ModelHash = asked.ResolvedHash,
        Adapters = [.. asked.Request.Wan.AdaptersInUse().Select(use => adapters.For(use.Name, tenant))],
        Clip = asked.Request,
    };
}
