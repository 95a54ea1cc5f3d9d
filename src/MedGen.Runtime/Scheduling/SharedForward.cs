using MedGen.Sdk.Generation;
using MedGen.Model.Pipelines;
using MedGen.Model.Sizing;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Does one step of one or several sessions. Several share a forward where that pays, which `bench batching` measures: at small shapes, up to so many
/// tokens in all. On the device thread only.
/// </summary>
/// <param name="maxTokens">Tokens of a shared forward, both branches of guidance counted; 0: never shared.</param>
internal sealed class SharedForward(int maxTokens) : IDisposable
{
    // No session is in two of them.
    private readonly List<SessionBatch> _batches = [];

    /// <summary>Runs before each forward of several sessions; tests let it fail here.</summary>
    internal Action? Fault { get; set; }

    /// <summary>What a session must have in common with others to share a forward; null: it never does.</summary>
    public string? KeyOf(VideoGenerationRequest request, GenerationCost cost)
    {
        bool isGuided = request.NeedsGuidance();
        return request.Deterministic || request.Wan.Acceleration is not null || request.ForwardsPerStep() * cost.Tokens * 2 > maxTokens
            ? null
            : FormattableString.Invariant(
                $"{request.Width}x{request.Height}x{request.NumFrames} {isGuided} {string.Join(' ', request.Wan.AdaptersInUse().Select(Written))}");

        static string Written(AdapterUse use) => FormattableString.Invariant($"{use.Name}={use.Strength}");
    }

    /// <summary>
    /// Those of a session's companions that fit beside it and are at the same kind of work; the same ones again where possible, since their text is
    /// kept.
    /// </summary>
    public List<GenerationRun> Gather(GenerationRun leader, IEnumerable<GenerationRun> companions)
    {
        if (leader.Session is not { Stage: GenerationStage.Denoising })
        {
            return [leader];
        }

        int room = (int)(maxTokens / (leader.Request.ForwardsPerStep() * leader.Cost.Tokens));
        List<GenerationRun> able =
            [.. companions.Where(run => run.Session is { Stage: GenerationStage.Denoising } && HaveTheSameAdapters(run, leader)), leader];
        int size = Math.Clamp(room, 1, able.Count);
        if (BatchOf(leader.Session) is { } kept && kept.Sessions.Count == size
            && kept.Sessions.All(session => able.Exists(run => run.Session == session)))
        {
            return [.. kept.Sessions.Select(session => able.First(run => run.Session == session))];
        }

        return [.. able.Take(size - 1).Append(leader).OrderBy(run => run.Ticket.ArrivedAt)];
    }

    /// <summary>One step of each. An exception means that none has moved.</summary>
    /// <returns>What happened to each, in their order.</returns>
    public IReadOnlyList<SessionStep> Step(List<GenerationRun> runs)
    {
        if (runs is [var alone])
        {
            return [new SessionStep(alone.Session!.Step())];
        }

        Fault?.Invoke();
        List<GenerationSession> sessions = [.. runs.Select(run => run.Session!)];
        return (_batches.Find(batch => batch.Sessions.SequenceEqual(sessions)) ?? Form(sessions)).Step();
    }

    /// <summary>Lets go of the text that is kept for a session; before the session goes.</summary>
    public void Forget(GenerationSession session)
    {
        if (BatchOf(session) is { } batch)
        {
            batch.Dispose();
            _batches.Remove(batch);
        }
    }

    public void Dispose()
    {
        _batches.ForEach(batch => batch.Dispose());
        _batches.Clear();
    }

    // Under one name there may be two files, one after the other.
    private static bool HaveTheSameAdapters(GenerationRun one, GenerationRun other) =>
        one.Adapters.Select(lease => lease.Adapter).SequenceEqual(other.Adapters.Select(lease => lease.Adapter));

    private SessionBatch Form(List<GenerationSession> sessions)
    {
        sessions.ForEach(Forget);
        SessionBatch batch = new(sessions);
        _batches.Add(batch);
        return batch;
    }

    private SessionBatch? BatchOf(GenerationSession session) => _batches.Find(batch => batch.Sessions.Contains(session));
}
