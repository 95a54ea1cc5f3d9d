using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Several sessions that take their denoising steps in one forward of the transformer, each at its own timestep, both branches of guidance together.
/// They have the same latent shape, adapters, and either all guidance or none. The frames are those of each alone but for the rounding of sums.
/// </summary>
public sealed class SessionBatch : IDisposable
{
    private readonly TextContext _text;

    /// <summary>Puts the sessions' texts together. Each session has encoded its prompts.</summary>
    /// <param name="sessions">At least one, all of one pipeline; they must outlive the batch.</param>
    public SessionBatch(IReadOnlyList<GenerationSession> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentOutOfRangeException.ThrowIfZero(sessions.Count);
        Sessions = [.. sessions];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        IEnumerable<Tensor> rows = sessions.Select(session => session.PromptRows());
        rows = sessions[0].IsGuided ? rows.Concat(sessions.Select(session => session.NegativePromptRows())) : rows;
        _text = sessions[0].PrepareText([.. rows]);
    }

    /// <summary>Its sessions, in their order.</summary>
    public IReadOnlyList<GenerationSession> Sessions { get; }

    /// <summary>One denoising step of each session. When it throws, none has moved.</summary>
    /// <returns>What happened to each, in their order; one that failed does not hold the others up.</returns>
    public IReadOnlyList<SessionStep> Step()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        List<(Tensor Latents, Tensor Timesteps)> inputs = [.. Sessions.Select(session => session.NextInput())];
        int branches = Sessions[0].IsGuided ? 2 : 1;
        Tensor latents = cat(
            [.. Enumerable.Repeat(inputs, branches).SelectMany(branch => branch.Select(input => input.Latents))]); // [branches · B, C, F, H, W]
        long tokens = inputs.Max(input => input.Timesteps.numel()); // 1, unless one has a first frame of its own
        Tensor timesteps = cat(
            [.. Enumerable.Repeat(inputs, branches).SelectMany(branch => branch.Select(input => input.Timesteps.view(1, -1).expand(1, tokens)))]);
        timesteps = tokens == 1 ? timesteps.squeeze(1) : timesteps; // [branches · B], or [branches · B, S]
        Tensor velocities = Sessions[0].Predict(latents, timesteps, _text); // [branches · B, C, F, H, W]
        List<SessionStep> steps = [];
        for (int i = 0; i < Sessions.Count; i++)
        {
            Tensor conditional = velocities.narrow(0, i, 1); // [1, C, F, H, W]
            Tensor? unconditional = branches == 2 ? velocities.narrow(0, Sessions.Count + i, 1) : null;
            steps.Add(Advance(Sessions[i], conditional, unconditional));
        }

        return steps;
    }

    /// <inheritdoc />
    public void Dispose() => _text.Dispose();

    private static SessionStep Advance(GenerationSession session, Tensor conditional, Tensor? unconditional)
    {
        try
        {
            return new SessionStep(session.Advance(session.Guidance.Combine(conditional, unconditional)));
        }
#pragma warning disable CA1031 // The session's own failure is told in its own step.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new SessionStep([], exception);
        }
    }
}
