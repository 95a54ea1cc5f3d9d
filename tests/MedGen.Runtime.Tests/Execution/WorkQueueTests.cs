using CsCheck;
using MedGen.Sdk.Serving;
using MedGen.Runtime.Execution;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Runtime.Tests.Execution;

/// <summary>Any order of adding, withdrawing and taking, against a plain list that is searched for the most urgent, then the oldest.</summary>
public sealed class WorkQueueTests
{
    private const int Limit = 4;

    private enum Move
    {
        Add,
        AddAdmitted,
        Withdraw,
        Take,
    }

    [Fact]
    public void Take_AfterAnyMoves_GivesTheMostUrgentThenTheOldest() =>
        Gen.Select(Gen.Enum<Move>(), Gen.Enum<ServicePriority>(), Gen.Int[0, 9]).List[0, 60].Sample(moves =>
        {
            WorkQueue queue = new(Limit, new FakeTimeProvider(), TimeSpan.FromSeconds(10));
            List<(WorkItem Item, ServicePriority Priority)> waiting = []; // oldest first
            List<WorkItem> left = [];
            foreach ((Move move, ServicePriority priority, int place) in moves)
            {
                switch (move)
                {
                    case Move.Add or Move.AddAdmitted:
                        WorkItem item = new WorkItem<int>(_ => 0, CancellationToken.None);
                        bool added = queue.TryAdd(item, priority, move == Move.AddAdmitted);
                        added.ShouldBe(move == Move.AddAdmitted || waiting.Count < Limit);
                        waiting.AddRange(added ? [(item, priority)] : []);
                        break;
                    case Move.Withdraw when waiting.Count > 0:
                        WorkItem withdrawn = waiting[place % waiting.Count].Item;
                        queue.TryRemove(withdrawn).ShouldBeTrue();
                        queue.TryRemove(withdrawn).ShouldBeFalse();
                        waiting.RemoveAll(entry => entry.Item == withdrawn);
                        break;
                    case Move.Take when waiting.Count > 0:
                        (WorkItem Item, ServicePriority Priority) next = waiting.MinBy(entry => entry.Priority);
                        queue.Take().ShouldBeSameAs(next.Item);
                        waiting.Remove(next);
                        left.Add(next.Item);
                        break;
                }

                queue.Count.ShouldBe(waiting.Count);
            }

            left.ShouldAllBe(item => !queue.TryRemove(item));
            queue.Close().ShouldBe(waiting.OrderBy(entry => entry.Priority).Select(entry => entry.Item));
            queue.Take().ShouldBeNull();
            Should.Throw<OperationCanceledException>(() => queue.TryAdd(new WorkItem<int>(_ => 0, CancellationToken.None), ServicePriority.Normal, isAdmitted: true));
        }, iter: 2000, threads: 1);

    /// <summary>Whatever else comes, an item is taken before anything that comes two agings after it, and an urgent one is not held up by younger ones.</summary>
    [Fact]
    public void Take_WithOthersComingAllTheTime_StarvesNobody() =>
        Gen.Select(Gen.Enum<ServicePriority>(), Gen.Double[0, 3]).List[10, 80].Sample(arrivals =>
        {
            FakeTimeProvider time = new();
            WorkQueue queue = new(int.MaxValue, time, TimeSpan.FromSeconds(10));
            List<(WorkItem Item, DateTimeOffset At)> waiting = [];
            foreach ((ServicePriority priority, double seconds) in arrivals)
            {
                WorkItem item = new WorkItem<int>(_ => 0, CancellationToken.None);
                queue.TryAdd(item, priority, isAdmitted: true);
                waiting.Add((item, time.GetUtcNow()));
                if (waiting.Count > 3)
                {
                    WorkItem taken = queue.Take()!;
                    DateTimeOffset at = waiting.Single(entry => entry.Item == taken).At;
                    waiting.RemoveAll(entry => entry.Item == taken);
                    waiting.ShouldAllBe(entry => at - entry.At <= TimeSpan.FromSeconds(20));
                }

                time.Advance(TimeSpan.FromSeconds(seconds));
            }
        }, iter: 100, threads: 1);
}
