using MedGen.Sdk.Serving;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// Which session takes the next step. Tenants share the device evenly (start-time fair queueing: the one that has had least of it goes first); within
/// a tenant the session with the least slack goes first. Slack is the time to the deadline less what is left to do; a session without a deadline has
/// one at a multiple of its own length, so whoever waits grows urgent. A tenant with a session that would miss its deadline goes before its turn, as
/// long as it is not too far ahead. Knows nothing of torch, threads and clocks.
/// </summary>
internal sealed class SessionPolicy
{
    /// <summary>A session without a deadline is expected to take this many times as long as alone, and <see cref="Patience"/>.</summary>
    public const double Stretch = 4;

    /// <summary>In seconds.</summary>
    public const double Patience = 10;

    /// <summary>Device time in seconds by which deadlines may bring a tenant ahead of the others.</summary>
    public const double MaxLead = 30;

    private readonly List<SessionTicket> _tickets = [];
    private readonly Dictionary<string, double> _served = new(StringComparer.Ordinal);

    /// <summary>All sessions, in the order of their arrival.</summary>
    public IReadOnlyList<SessionTicket> Tickets => _tickets;

    /// <summary>Lets a session take part. A tenant that was away has saved nothing up: it starts level with the one that has had least.</summary>
    public void Add(SessionTicket ticket)
    {
        double level = _tickets.Count == 0 ? 0 : _tickets.Min(other => _served[other.Tenant]);
        if (!_tickets.Exists(other => other.Tenant == ticket.Tenant))
        {
            _served[ticket.Tenant] = Math.Max(level, _served.GetValueOrDefault(ticket.Tenant));
        }

        _tickets.Add(ticket);
    }

    /// <summary>Ends a session's part; the others' stays as it is.</summary>
    public void Remove(SessionTicket ticket)
    {
        _tickets.Remove(ticket);
        if (_tickets.Count == 0)
        {
            _served.Clear();
        }
    }

    /// <summary>Books device time that a session has had.</summary>
    public void Charge(SessionTicket ticket, double seconds)
    {
        _served[ticket.Tenant] += seconds;
        ticket.RemainingSeconds = Math.Max(0, ticket.RemainingSeconds - seconds);
    }

    /// <summary>The next session of a priority.</summary>
    /// <param name="priority">The priority.</param>
    /// <param name="now">The time.</param>
    /// <param name="expert">Which of two experts the last step used: sessions that need it go on, unless another one would be late, or their tenant
    /// is too far ahead; null: it does not matter.</param>
    /// <returns>Null when none of them can run.</returns>
    public SessionTicket? Pick(ServicePriority priority, double now, int? expert = null)
    {
        List<SessionTicket> able = [.. _tickets.Where(ticket => ticket.IsRunnable && ticket.Priority == priority)];
        if (able.Count == 0)
        {
            return null;
        }

        double least = able.Min(ticket => _served[ticket.Tenant]);
        if (expert is not null && able.TrueForAll(ticket => Slack(ticket, now) > 0))
        {
            List<SessionTicket> same =
                [.. able.Where(ticket => (ticket.Expert is null || ticket.Expert == expert) && _served[ticket.Tenant] - least <= MaxLead)];
            able = same.Count > 0 ? same : able;
            least = able.Min(ticket => _served[ticket.Tenant]);
        }

        SessionTicket? endangered = able
            .Where(ticket => ticket.Deadline is not null && Slack(ticket, now) <= 0 && _served[ticket.Tenant] - least <= MaxLead)
            .MinBy(ticket => Slack(ticket, now));
        string tenant = endangered?.Tenant ?? able.First(ticket => _served[ticket.Tenant] == least).Tenant;
        return able.Where(ticket => ticket.Tenant == tenant).MinBy(ticket => Slack(ticket, now));
    }

    /// <summary>Others that can share the forward of a session, the most pressing first.</summary>
    public IEnumerable<SessionTicket> Companions(SessionTicket leader, double now) => leader.BatchKey is null
        ? []
        : _tickets.Where(ticket => ticket != leader && ticket.IsRunnable && ticket.BatchKey == leader.BatchKey).OrderBy(ticket => Slack(ticket, now));

    /// <summary>Seconds that a session can wait without being late; negative: it will be.</summary>
    public static double Slack(SessionTicket ticket, double now) =>
        (ticket.Deadline ?? ticket.ArrivedAt + Patience + (Stretch * ticket.TotalSeconds)) - now - ticket.RemainingSeconds;

    /// <summary>
    /// When a session will be done if nobody else comes, in seconds from now: what is left of it, of all more urgent ones, and as much of its equals.
    /// </summary>
    public double TimeLeft(SessionTicket ticket) => ticket.RemainingSeconds + _tickets.Where(other => other != ticket).Sum(other =>
        other.Priority < ticket.Priority ? other.RemainingSeconds
        : other.Priority == ticket.Priority ? Math.Min(other.RemainingSeconds, ticket.RemainingSeconds)
        : 0);
}
