using MedGen.Abstractions.Generation;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Several sessions that take their denoising steps in one forward of the transformer, each at its own timestep, both branches of guidance together. They
/// have the same latent shape, adapters, and either all guidance or none. The frames are those of each alone but for the rounding of sums.
/// </summary>
public sealed class SessionBatch : IDisposable
{
    private readonly IReadOnlyList<GenerationSession> _sessions;
    private readonly TextContext _text;

    /// <summary>Puts the sessions' texts together. Each session has encoded its prompts.</summary>
    /// <param name="sessions">At least one, all of one pipeline; they must outlive the batch.</param>
    public SessionBatch(IReadOnlyList<GenerationSession> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentOutOfRangeException.ThrowIfZero(sessions.Count);
        _sessions = sessions;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        IEnumerable<Tensor> rows = sessions.Select(session => session.PromptRows());
        rows = sessions[0].IsGuided ? rows.Concat(sessions.Select(session => session.NegativePromptRows())) : rows;
        _text = sessions[0].PrepareText([.. rows]);
    }

    /// <summary>Whether it is the batch of these sessions, in this order.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <returns>True when it is.</returns>
    public bool IsOf(IReadOnlyList<GenerationSession> sessions) => _sessions.SequenceEqual(sessions);

    /// <summary>Whether a session is among them.</summary>
    /// <param name="session">The session.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(GenerationSession session) => _sessions.Contains(session);

    /// <summary>One denoising step of each session.</summary>
    /// <returns>What happened to each, in their order, as <see cref="GenerationSession.Step"/> tells it.</returns>
    public IReadOnlyList<IReadOnlyList<GenerationUpdate>> Step()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        List<(Tensor Latents, float Timestep)> inputs = [.. _sessions.Select(session => session.NextInput())];
        int branches = _sessions[0].IsGuided ? 2 : 1;
        Tensor latents = cat([.. Enumerable.Repeat(inputs, branches).SelectMany(branch => branch.Select(input => input.Latents))]); // [branches · B, C, F, H, W]
        float[] timesteps = [.. Enumerable.Repeat(inputs, branches).SelectMany(branch => branch.Select(input => input.Timestep))];
        Tensor velocities = _sessions[0].Predict(latents, tensor(timesteps), _text); // [branches · B, C, F, H, W]
        List<IReadOnlyList<GenerationUpdate>> updates = [];
        for (int i = 0; i < _sessions.Count; i++)
        {
            Tensor conditional = velocities.narrow(0, i, 1); // [1, C, F, H, W]
            Tensor? unconditional = branches == 2 ? velocities.narrow(0, _sessions.Count + i, 1) : null;
            updates.Add(_sessions[i].Accept(conditional, unconditional));
        }

        return updates;
    }

    /// <inheritdoc />
    public void Dispose() => _text.Dispose();
}
