using MedGen.Sdk.Errors;
using MedGen.Model.Sizing;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// What fits into memory beside each other: weights, the intermediate results of one step of the largest session (steps never overlap), and what
/// every session keeps between its steps. By formula, so that a request is refused or waits before it takes anything.
/// </summary>
/// <param name="limit">Bytes that may be used in all.</param>
/// <param name="weights">Bytes of the resident weights.</param>
internal sealed class MemoryBudget(long limit, long weights)
{
    private readonly List<GenerationCost> _open = [];

    /// <summary>Bytes taken beside weights and sessions, such as adapters.</summary>
    public long Extra { get; set; }

    /// <summary>Bytes that are left while no session is open.</summary>
    public long Free => limit - weights - Extra;

    /// <summary>Bytes that weights, extras and open sessions leave.</summary>
    public long FreeNow => Free - _open.Select(open => open.ActivationBytes).DefaultIfEmpty().Max() - _open.Sum(open => open.SessionBytes);

    /// <summary>Refuses what would not even fit alone.</summary>
    /// <exception cref="ResourceExhaustedException">With all numbers, and no time to try again.</exception>
    public void ThrowIfNeverFits(GenerationCost cost)
    {
        long needed = weights + cost.ActivationBytes + cost.SessionBytes;
        if (needed > limit)
        {
            throw new ResourceExhaustedException(
                "MEMORY_BUDGET",
                $"A clip of {cost.Width}x{cost.Height} px and {cost.NumFrames} frames needs {needed} bytes (weights {weights}, intermediate results "
                + $"{cost.ActivationBytes}, "
                + $"session {cost.SessionBytes}); the limit is {limit}. Ask for a smaller clip, or raise the limit.");
        }
    }

    /// <summary>Takes a session in if it fits beside those that are open.</summary>
    /// <returns>False: it fits when others have ended.</returns>
    public bool TryOpen(GenerationCost cost)
    {
        long activations = _open.Append(cost).Max(open => open.ActivationBytes);
        if (weights + Extra + activations + _open.Sum(open => open.SessionBytes) + cost.SessionBytes > limit)
        {
            return false;
        }

        _open.Add(cost);
        return true;
    }

    /// <summary>Gives a session's share back.</summary>
    public void Close(GenerationCost cost) => _open.Remove(cost);
}
