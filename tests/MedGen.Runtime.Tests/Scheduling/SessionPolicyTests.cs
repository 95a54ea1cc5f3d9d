using CsCheck;
using MedGen.Sdk.Serving;
using MedGen.Runtime.Scheduling;

namespace MedGen.Runtime.Tests.Scheduling;

/// <summary>The policy against a simulated device: each pick costs the session's step, and time goes on by it.</summary>
public sealed class SessionPolicyTests
{
    private static readonly Gen<Asked> Session = Gen.Select(Gen.Int[0, 2], Gen.Double[0.1, 2], Gen.Int[1, 8], Gen.Double[0, 30], Gen.Bool).Select(
        (tenant, step, steps, arrival, hasDeadline) => new Asked($"tenant {tenant}", step, steps, arrival, hasDeadline));

    [Fact]
    public void Pick_OfAnySessions_FinishesThemAllAndKeepsTheDeviceBusy() => Session.List[1, 12].Sample(asked =>
    {
        Simulation simulation = new(asked);

        simulation.RunToTheEnd().ShouldBe(asked.Sum(session => session.Steps));
        simulation.Policy.Tickets.ShouldBeEmpty();
    }, iter: 1000, threads: 1);

    [Fact]
    public void Pick_WithOneTenantFlooding_GivesTheOtherHalfTheDevice() => Gen.Select(Gen.Int[1, 30], Gen.Double[0.1, 2], Gen.Double[0.1, 2]).Sample((flood, big, small) =>
    {
        SessionPolicy policy = new();
        List<SessionTicket> many = [.. Enumerable.Range(0, flood).Select(i => Ticket("flooding", arrival: 0, seconds: 1000))];
        many.ForEach(policy.Add);
        SessionTicket one = Ticket("other", arrival: 0, seconds: 1000);
        policy.Add(one);
        double now = 0, floods = 0, others = 0;
        for (int i = 0; i < 200; i++)
        {
            SessionTicket next = policy.Pick(ServicePriority.Normal, now)!;
            double cost = next == one ? small : big;
            policy.Charge(next, cost);
            now += cost;
            (floods, others) = next == one ? (floods, others + cost) : (floods + cost, others);
            Math.Abs(floods - others).ShouldBeLessThanOrEqualTo(Math.Max(big, small) + 1e-6);
        }
    }, iter: 300, threads: 1);

    [Fact]
    public void Pick_WithDeadlinesComingAllTheTime_LetsTheSessionWithoutOneEnd()
    {
        SessionPolicy policy = new();
        SessionTicket patient = Ticket("a", arrival: 0, seconds: 5);
        policy.Add(patient);
        double now = 0;
        int ticks = 0;
        while (policy.Tickets.Contains(patient) && ticks++ < 1000)
        {
            // Every second another session of one step comes, with just time enough at its arrival.
            policy.Add(Ticket("a", now, seconds: 1, deadline: now + 3));
            SessionTicket next = policy.Pick(ServicePriority.Normal, now)!;
            policy.Charge(next, 1);
            now++;
            if (next.RemainingSeconds <= 0)
            {
                policy.Remove(next);
            }
        }

        ticks.ShouldBeLessThan(100);
    }

    [Fact]
    public void Pick_WithinATenant_IsTheLeastSlack() => Gen.Select(Gen.Double[0, 50], Gen.Double[1, 50], Gen.Double[0, 100]).List[1, 10].Sample(asked =>
    {
        SessionPolicy policy = new();
        foreach ((double arrival, double seconds, double left) in asked)
        {
            policy.Add(Ticket("a", arrival, seconds, left < 50 ? null : arrival + left));
        }

        SessionTicket next = policy.Pick(ServicePriority.Normal, now: 50)!;

        SessionPolicy.Slack(next, 50).ShouldBe(policy.Tickets.Min(ticket => SessionPolicy.Slack(ticket, 50)));
    }, iter: 500, threads: 1);

    [Fact]
    public void Pick_OfASessionThatWouldBeLate_GoesBeforeItsTenantsTurnWithinLimits()
    {
        SessionPolicy policy = new();
        SessionTicket urgent = Ticket("a", arrival: 0, seconds: 100, deadline: 100);
        policy.Add(urgent);
        policy.Add(Ticket("b", arrival: 0, seconds: 1000));
        double now = 0;
        while (policy.Pick(ServicePriority.Normal, now) == urgent)
        {
            policy.Charge(urgent, 1);
            now++;
        }

        now.ShouldBeInRange(SessionPolicy.MaxLead, SessionPolicy.MaxLead + 2);
    }

    [Theory]
    [InlineData(10.0, 20.0, "b")] // goes on with its expert though the other one has had less
    [InlineData(10.0, 50.0, "a")] // too far ahead
    [InlineData(500.0, 20.0, "a")] // the other one would be late
    public void Pick_WithAnExpertAtWork_StaysWithItWithinLimits(double now, double servedOfB, string expected)
    {
        SessionPolicy policy = new();
        SessionTicket atHighNoise = Ticket("a", arrival: 0, seconds: 100);
        SessionTicket atLowNoise = Ticket("b", arrival: 0, seconds: 100);
        (atHighNoise.Expert, atLowNoise.Expert) = (0, 1);
        policy.Add(atHighNoise);
        policy.Add(atLowNoise);
        policy.Charge(atLowNoise, servedOfB);

        policy.Pick(ServicePriority.Normal, now, expert: 1)!.Tenant.ShouldBe(expected);
        policy.Pick(ServicePriority.Normal, now, expert: 0)!.Tenant.ShouldBe("a");
        policy.Pick(ServicePriority.Normal, now)!.Tenant.ShouldBe("a");
    }

    [Fact]
    public void Add_OfATenantThatWasAway_GivesNoCreditForIt()
    {
        SessionPolicy policy = new();
        SessionTicket first = Ticket("a", arrival: 0, seconds: 1000);
        policy.Add(first);
        policy.Charge(first, 500);
        SessionTicket second = Ticket("b", arrival: 500, seconds: 1000);
        policy.Add(second);
        List<SessionTicket> picked = [];
        for (int i = 0; i < 10; i++)
        {
            picked.Add(policy.Pick(ServicePriority.Normal, 500 + i)!);
            policy.Charge(picked[^1], 1);
        }

        picked.Count(ticket => ticket == first).ShouldBe(5);
    }

    [Fact]
    public void Remove_OfOneSession_ChangesNoOthers() => Session.List[2, 8].Sample(asked =>
    {
        Simulation simulation = new(asked.Select(session => session with { Arrival = 0 }));
        simulation.Arrive();
        SessionTicket[] before = [.. simulation.Policy.Tickets];

        simulation.Policy.Remove(before[0]);

        simulation.Policy.Tickets.ShouldBe(before[1..]);
        simulation.RunToTheEnd().ShouldBe(asked.Skip(1).Sum(session => session.Steps));
    }, iter: 300, threads: 1);

    [Fact]
    public void Pick_OfSessionsWhoseReceiversAreSlow_LeavesThemOut()
    {
        SessionPolicy policy = new();
        SessionTicket slow = Ticket("a", 0, 1);
        slow.IsRunnable = false;
        policy.Add(slow);
        policy.Add(Ticket("a", 0, 1));

        policy.Pick(ServicePriority.Normal, 1000).ShouldNotBe(slow);
        policy.Pick(ServicePriority.Interactive, 1000).ShouldBeNull();
    }

    [Fact]
    public void TimeLeft_OfEqualSessions_IsWhatAllHaveLeft()
    {
        SessionPolicy policy = new();
        SessionTicket one = Ticket("a", 0, 10);
        policy.Add(one);
        policy.Add(Ticket("b", 0, 4));
        policy.Add(Ticket("c", 0, 30));

        policy.TimeLeft(one).ShouldBe(10 + 4 + 10);
    }

    private static SessionTicket Ticket(string tenant, double arrival, double seconds, double? deadline = null) => new()
    {
        Tenant = tenant, Priority = ServicePriority.Normal, ArrivedAt = arrival, Deadline = deadline, TotalSeconds = seconds, RemainingSeconds = seconds,
    };

    private sealed record Asked(string Tenant, double Step, int Steps, double Arrival, bool HasDeadline);

    private sealed class Simulation(IEnumerable<Asked> asked)
    {
        private readonly List<Asked> _coming = [.. asked.OrderBy(session => session.Arrival)];
        private readonly Dictionary<SessionTicket, (double Step, int Left)> _work = [];
        private double _now;

        public SessionPolicy Policy { get; } = new();

        public void Arrive()
        {
            foreach (Asked session in _coming.TakeWhile(session => session.Arrival <= _now).ToList())
            {
                _coming.Remove(session);
                double seconds = session.Step * session.Steps;
                SessionTicket ticket = Ticket(session.Tenant, _now, seconds, session.HasDeadline ? _now + (2 * seconds) : null);
                _work[ticket] = (session.Step, session.Steps);
                Policy.Add(ticket);
            }
        }

        public int RunToTheEnd()
        {
            int steps = 0;
            while (true)
            {
                Arrive();
                if (Policy.Pick(ServicePriority.Normal, _now) is not { } next)
                {
                    Policy.Tickets.ShouldBeEmpty();
                    if (_coming.Count == 0)
                    {
                        return steps;
                    }

                    _now = _coming[0].Arrival;
                    continue;
                }

                (double step, int left) = _work[next];
                Policy.Charge(next, step);
                _now += step;
                steps++;
                _work[next] = (step, left - 1);
                if (left == 1)
                {
                    Policy.Remove(next);
                }
            }
        }
    }
}
