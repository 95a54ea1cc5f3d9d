using MedGen.Abstractions.Generation;
using MedGen.Model.Inspection;
using MedGen.Model.Pipelines;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Does one step of one or several sessions. Several share a forward where that pays, which `bench batching` measures: at small shapes, up to so many tokens
/// in all. On the device thread only.
/// </summary>
/// <param name="maxTokens">Tokens of a shared forward, both branches of guidance counted; 0: never shared.</param>
internal sealed class SharedForward(int maxTokens) : IDisposable
{
    private SessionBatch? _batch;

    /// <summary>What a session must have in common with others to share a forward; null: it never does.</summary>
    public string? KeyOf(VideoGenerationRequest request, GenerationCost cost)
    {
        bool isGuided = GenerationSession.NeedsGuidance(request);
        return request.Deterministic || request.Acceleration is not null || Branches(isGuided) * cost.Tokens * 2 > maxTokens
            ? null
            : FormattableString.Invariant($"{request.Width}x{request.Height}x{request.NumFrames} {isGuided} {request.Adapter} {request.AdapterScale}");
    }

    /// <summary>Those of a session's companions that fit beside it and are at the same kind of work.</summary>
    public List<GenerationRun> Gather(GenerationRun leader, IEnumerable<GenerationRun> companions)
    {
        if (leader.Session is not { Stage: GenerationStage.Denoising, IsGuided: var isGuided })
        {
            return [leader];
        }

        int room = (int)(maxTokens / (Branches(isGuided) * leader.Cost.Tokens));

        // In the order of their arrival, so that the same ones make the same batch, whose text is kept.
        return [.. companions.Where(run => run.Session is { Stage: GenerationStage.Denoising } && run.Adapter?.Adapter == leader.Adapter?.Adapter)
            .Take(Math.Max(0, room - 1)).Append(leader).OrderBy(run => run.Ticket.ArrivedAt)];
    }

    /// <summary>One step of each.</summary>
    /// <returns>What happened to each, in their order.</returns>
    public IReadOnlyList<IReadOnlyList<GenerationUpdate>> Step(List<GenerationRun> runs)
    {
        if (runs is [var alone])
        {
            return [alone.Session!.Step()];
        }

        List<GenerationSession> sessions = [.. runs.Select(run => run.Session!)];
        if (_batch?.IsOf(sessions) != true)
        {
            _batch?.Dispose();
            _batch = new SessionBatch(sessions);
        }

        return _batch.Step();
    }

    /// <summary>Lets go of the text that is kept; before any of its sessions goes.</summary>
    public void Forget(GenerationSession session)
    {
        if (_batch?.Contains(session) == true)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _batch?.Dispose();
        _batch = null;
    }

    private static long Branches(bool isGuided) => isGuided ? 2 : 1;
}
