using CsCheck;
using MedGen.Runtime.Execution;
using MedGen.Torch.Execution;

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
        Gen.Select(Gen.Enum<Move>(), Gen.Enum<WorkPriority>(), Gen.Int[0, 9]).List[0, 60].Sample(moves =>
        {
            WorkQueue queue = new(Limit);
            List<(WorkItem Item, WorkPriority Priority)> waiting = []; // oldest first
            List<WorkItem> left = [];
            foreach ((Move move, WorkPriority priority, int place) in moves)
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
                        (WorkItem Item, WorkPriority Priority) next = waiting.MinBy(entry => entry.Priority);
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
            Should.Throw<OperationCanceledException>(() => queue.TryAdd(new WorkItem<int>(_ => 0, CancellationToken.None), WorkPriority.Normal, isAdmitted: true));
        }, iter: 2000, threads: 1);
}
