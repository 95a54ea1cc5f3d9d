using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// The runs that wait until there is a place among the sessions, and memory. The most urgent first, then whose tenant has the fewest sessions, then
/// the oldest. The first one is not overtaken by a smaller one: it would wait for ever. Not safe for use from several threads.
/// </summary>
internal sealed class RunQueue(int sessionLimit, int queueLimit, MemoryBudget memory)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private readonly List<GenerationRun> _waiting = [];
    private List<GenerationRun> _order = [];

    /// <summary>Refuses one too many.</summary>
    /// <param name="active">Sessions that take part.</param>
    /// <param name="secondsOfWork">What these have left to do.</param>
    /// <exception cref="ResourceExhaustedException">As many wait as may.</exception>
    public void ThrowIfFull(int active, double secondsOfWork)
    {
        if (_waiting.Count >= queueLimit)
        {
            TimeSpan soon = TimeSpan.FromSeconds(secondsOfWork / Math.Max(1, active));
            throw new ResourceExhaustedException(
                "GENERATION_QUEUE_FULL", $"{active} generations run and {queueLimit} wait; no more are taken.", soon > Least ? soon : Least);
        }
    }

    public void Add(GenerationRun run) => _waiting.Add(run);

    public bool Remove(GenerationRun run) => _waiting.Remove(run);

    public IReadOnlyList<GenerationRun> Clear()
    {
        List<GenerationRun> all = [.. _waiting];
        _waiting.Clear();
        return all;
    }

    /// <summary>Takes the next one out if there is room for it.</summary>
    public GenerationRun? TryTake(IReadOnlyCollection<GenerationRun> active)
    {
        _order = Order(active);
        if (_order.Count == 0 || active.Count >= sessionLimit || !memory.TryOpen(_order[0].Cost))
        {
            return null;
        }

        _waiting.Remove(_order[0]);
        return _order[0];
    }

    /// <summary>Predicted work of those that wait before a run.</summary>
    public double SecondsBefore(GenerationRun run) => _order.TakeWhile(other => other != run).Sum(other => other.Ticket.RemainingSeconds);

    /// <summary>Tells each run whose place has changed where it stands.</summary>
    public void TellPositions(Func<GenerationRun, TimeSpan?> timeLeft)
    {
        for (int i = 0; i < _order.Count; i++)
        {
            if (_order[i].Position != i + 1)
            {
                _order[i].Position = i + 1;
                _order[i].Write(
                    new GenerationProgress
                    {
                        Stage = GenerationStage.Queued,
                        Completed = 0,
                        Total = 1,
                        Position = i + 1,
                        TimeLeft = timeLeft(_order[i]),
                    });
            }
        }
    }

    private List<GenerationRun> Order(IReadOnlyCollection<GenerationRun> active)
    {
        Dictionary<string, int> places = active.CountBy(run => run.Ticket.Tenant).ToDictionary(StringComparer.Ordinal);
        List<GenerationRun> order = [];
        List<GenerationRun> left = [.. _waiting];
        while (left.Count > 0)
        {
            GenerationRun next = left.OrderBy(run => run.Ticket.Priority)
                .ThenBy(run => places.GetValueOrDefault(run.Ticket.Tenant))
                .ThenBy(run => run.Ticket.ArrivedAt)
                .First();
            places[next.Ticket.Tenant] = places.GetValueOrDefault(next.Ticket.Tenant) + 1;
            left.Remove(next);
            order.Add(next);
        }

        return order;
    }
}
