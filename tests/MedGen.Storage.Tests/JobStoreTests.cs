using MedGen.Storage.Tests.Databases;
using CsCheck;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Application.Analysis;
using MedGen.Application.Auditing;
using MedGen.Application.Idempotency;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Tests;

public abstract class JobStoreTests : IDisposable
{
    private readonly TestDatabase _database;
    private readonly StorageFixture _storage;

    private protected JobStoreTests(TestDatabase database)
    {
        _database = database;
        _storage = new StorageFixture(database: database);
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected StorageFixture Storage => _storage;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task CreateAsync_NewJob_IsQueuedWithItsFirstEvent()
    {
        Job job = await _storage.Jobs.CreateAsync(NewJob() with { Timeout = TimeSpan.FromMinutes(2) }, Token);

        job.State.ShouldBe(JobState.Queued);
        job.DeadlineAt.ShouldBe(_storage.Time.GetUtcNow().AddMinutes(2));
        (await _storage.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull().LastEvent.ShouldBe(1);
        JobEvent first = (await _storage.Jobs.ReadEventsAsync(job.Id, 0, 10, Token)).ShouldHaveSingleItem();
        first.Number.ShouldBe(1);
        first.Payload.ShouldBe(new JobStateChanged { State = JobState.Queued });
    }

    [Fact]
    public async Task CreateAsync_UnknownInput_ThrowsAndKeepsNothing()
    {
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Jobs.CreateAsync(NewJob() with { Inputs = ["none"] }, Token));

        (await _storage.Jobs.ListAsync(new JobQuery(), Token)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task CreateAsync_KeyTwice_SecondIsRefusedAndKeepsNothing()
    {
        IdempotencyClaim claim = new() { Owner = "ann", Key = "k", RequestHash = "h" };
        Job first = await _storage.Jobs.CreateAsync(NewJob() with { Claim = claim }, Token);

        await Should.ThrowAsync<IdempotencyKeyTakenException>(() => _storage.Jobs.CreateAsync(NewJob() with { Claim = claim }, Token));

        (await _storage.Jobs.ListAsync(new JobQuery(), Token)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(first.Id);
        (await _storage.Keys.FindAsync("ann", "k", Token)).ShouldNotBeNull().JobId.ShouldBe(first.Id);
        (await _storage.Keys.FindAsync("bob", "k", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ClaimNextAsync_ManyClaimants_EachJobOnceInOrder()
    {
        List<string> created = [];
        for (int i = 0; i < 20; i++)
        {
            created.Add((await _storage.Jobs.CreateAsync(NewJob(), Token)).Id);
        }

        ClaimedJob?[] claimed = await Task.WhenAll(Enumerable.Range(0, 21).Select(_ => Task.Run(() => _storage.Jobs.ClaimNextAsync(64, 64, Token))));

        claimed.Count(job => job is null).ShouldBe(1);
        claimed.OfType<ClaimedJob>().Select(job => job.Job.Id).ShouldBe(created, ignoreOrder: true);
        Job again = await _storage.Jobs.CreateAsync(NewJob(), Token);
        Job later = await _storage.Jobs.CreateAsync(NewJob(), Token);
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token)).ShouldNotBeNull().Job.Id.ShouldBe(again.Id);
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token)).ShouldNotBeNull().Job.Id.ShouldBe(later.Id);
    }

    [Fact]
    public async Task ClaimNextAsync_OfSeveralCallersAndPriorities_IsUrgentThenFairThenOld()
    {
        foreach ((string owner, ServicePriority priority) in new[]
        {
            ("ann", ServicePriority.Bulk), ("ann", ServicePriority.Normal), ("ann", ServicePriority.Normal), ("ann", ServicePriority.Normal),
            ("bob", ServicePriority.Normal), ("bob", ServicePriority.Normal), ("eve", ServicePriority.Interactive),
        })
        {
            await _storage.Jobs.CreateAsync(NewJob() with { Owner = owner, Priority = priority }, Token);
        }

        List<string> order = [];
        while (await _storage.Jobs.ClaimNextAsync(3, 64, Token) is { } claimed)
        {
            order.Add($"{claimed.Job.Owner} {claimed.Job.Priority}");
        }

        // Ann has as many as a caller may; her fourth waits.
        order.ShouldBe(["eve Interactive", "ann Normal", "bob Normal", "ann Normal", "bob Normal", "ann Normal"]);
        Job left = (await _storage.Jobs.ListAsync(new JobQuery { State = JobState.Queued }, Token)).Jobs.ShouldHaveSingleItem();
        (left.Priority, (await _storage.Jobs.FindAsync(left.Id, Token))!.Position).ShouldBe((ServicePriority.Bulk, 1));
    }

    [Fact]
    public async Task ClaimNextAsync_OfABulkJobThatHasWaitedLong_GoesBeforeYoungerOnes()
    {
        Job bulk = await _storage.Jobs.CreateAsync(NewJob() with { Priority = ServicePriority.Bulk }, Token);
        _storage.Time.Advance(TimeSpan.FromMinutes(9));
        Job normal = await _storage.Jobs.CreateAsync(NewJob(), Token);
        Job other = await _storage.Jobs.CreateAsync(NewJob(), Token);

        (await _storage.Jobs.ClaimNextAsync(64, 64, Token))!.Job.Id.ShouldBe(normal.Id);
        (await _storage.Jobs.FindAsync(bulk.Id, Token))!.Position.ShouldBe(2);
        _storage.Time.Advance(TimeSpan.FromMinutes(2));
        (await _storage.Jobs.FindAsync(bulk.Id, Token))!.Position.ShouldBe(1);
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token))!.Job.Id.ShouldBe(bulk.Id);
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token))!.Job.Id.ShouldBe(other.Id);
    }

    [Fact]
    public async Task ClaimNextAsync_OfAHostThatCannotDoSome_TakesTheFirstThatItCan()
    {
        List<string> created = [];
        for (int i = 0; i < 54; i++)
        {
            created.Add((await _storage.Jobs.CreateAsync(NewJob() with { Request = i is 20 or 53 ? "\"mine\"" : "{}" }, Token)).Id);
        }

        Job urgent = await _storage.Jobs.CreateAsync(NewJob() with { Request = "\"mine\"", Priority = ServicePriority.Interactive }, Token);
        List<string> asked = [];
        List<string> taken = [];
        while (await _storage.Jobs.ClaimNextAsync(64, 64, Takes, Token) is { } claimed)
        {
            taken.Add(claimed.Job.Id);
        }

        taken.ShouldBe([urgent.Id, created[20], created[53]]);
        asked.Distinct().Count().ShouldBe(55);
        asked[0].ShouldBe(urgent.Id);
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token))!.Request.ShouldBe("{}");

        bool Takes(JobCandidate one)
        {
            asked.Add(one.Job.Id);
            return one.Request == "\"mine\"";
        }
    }

    [Fact]
    public async Task ClaimNextAsync_Job_ComesWithItsRequestAndCountsTheAttempt()
    {
        await _storage.Jobs.CreateAsync(NewJob() with { Request = """{"prompt":"ü"}""" }, Token);

        ClaimedJob claimed = (await _storage.Jobs.ClaimNextAsync(64, 64, Token)).ShouldNotBeNull();

        claimed.Request.ShouldBe("""{"prompt":"ü"}""");
        claimed.Job.Attempt.ShouldBe(1);
        claimed.Job.StartedAt.ShouldBe(_storage.Time.GetUtcNow());
    }

    [Fact]
    public async Task AppendAsync_ConcurrentWriters_NumbersHaveNoGaps()
    {
        Job job = await RunningJob();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => _storage.Jobs.AppendAsync(
            job.Id, new JobProgressed { Stage = JobStage.Denoising, StepsDone = i, StepsTotal = 40 }, Token))));

        IReadOnlyList<JobEvent> events = await _storage.Jobs.ReadEventsAsync(job.Id, 0, 100, Token);
        events.Select(e => e.Number).ShouldBe(Enumerable.Range(1, 42).Select(n => (long)n));
    }

    [Fact]
    public async Task AppendAsync_EveryPayload_ComesBackEqualAfterReopening()
    {
        Job job = await RunningJob();
        AnalyzerIdentity analyzer = new()
        {
            PluginId = "p",
            PluginVersion = "1.0.0",
            Task = "t",
            Outputs = [new AnalyzerOutput { Name = "o", Description = "d", Kind = OutputKind.Labels, Labels = OutputLabel.Of("a", "b") }],
        };
        FindingScope frame = FindingScope.Frame(7, TimeSpan.FromSeconds(0.28));
        Finding[] findings =
        [
            new LabelFinding { Output = "o", Scope = frame, Labels = ["a"], Probabilities = [0.25, 0.75], State = LabelState.Committed },
            new TransitionFinding { Output = "o", Scope = frame, From = "a", To = "b", Onset = TimeSpan.Zero, Confidence = 0.5 },
            new MeasurementFinding
            {
                Output = "o", Scope = FindingScope.Span(TimeSpan.Zero, TimeSpan.FromSeconds(1)), Value = 54, Interval = new() { Low = 50, High = 58 },
            },
            new BoxFinding { Output = "o", Scope = frame, Label = "a", Score = 1, Track = 3, X = 1, Y = 2, Width = 3, Height = 4 },
            new PolygonFinding { Output = "o", Scope = frame, Label = "a", Score = 1, Points = [new() { X = 1, Y = 2 }] },
            new MaskFinding { Output = "o", Scope = frame, Label = "a", Score = 1, Runs = [1, 2, 3] },
            new KeypointFinding
            {
                Output = "o", Scope = frame, Label = "a", Score = 1, Points = [new() { Name = "n", Point = new() { X = 1, Y = 2 }, Score = 1 }],
            },
            new TextFinding { Output = "o", Role = "a4c", Text = "text", Language = "en" },
            new ArtifactFinding { Output = "o", FileName = "f.pdf", MediaType = "application/pdf", ArtifactId = "id" },
        ];
        await _storage.Jobs.AppendAsync(job.Id, new FindingsReported { Findings = findings, Analyzer = analyzer }, Token);
        await _storage.Jobs.AppendAsync(job.Id, new JobPreviewed { Step = 3, Width = 2, Height = 1, Png = new byte[] { 1, 2, 3 } }, Token);
        JobError error = new() { Reason = "X", Message = "m" };
        await _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Failed, Attempt = 1, Error = error }, Token);

        _storage.Reopen();

        IReadOnlyList<JobEvent> events = await _storage.Jobs.ReadEventsAsync(job.Id, 2, 10, Token);
        FindingsReported read = events[0].Payload.ShouldBeOfType<FindingsReported>();
        System.Text.Json.JsonSerializer.Serialize(read.Findings, JobJson.Options).ShouldBe(
            System.Text.Json.JsonSerializer.Serialize<IReadOnlyList<Finding>>(findings, JobJson.Options));
        read.Findings.Select(finding => finding.GetType()).ShouldBe(findings.Select(finding => finding.GetType()));
        read.Analyzer.Outputs[0].Labels.ShouldBe(analyzer.Outputs[0].Labels);
        events[1].Payload.ShouldBeOfType<JobPreviewed>().Png.ToArray().ShouldBe([1, 2, 3]);
        events[2].Payload.ShouldBeOfType<JobStateChanged>().Error.ShouldBe(error);
        (await _storage.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull().Error.ShouldBe(error);
    }

    [Fact]
    public async Task AppendAsync_AnErrorWithANullCharacter_EndsTheJobAndKeepsTheRest()
    {
        Job job = await RunningJob();
        JobError error = new() { Reason = "X", Message = "a\0b \\u0000" }; // the second is no null character but its spelling

        await _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Failed, Attempt = 1, Error = error }, Token);

        Job ended = (await _storage.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull();
        ended.State.ShouldBe(JobState.Failed);
        ended.Error!.Message.ShouldBe("a\uFFFDb \\u0000");
    }

    [Fact]
    public async Task AppendAsync_EndedJob_ThrowsAndKeepsTheLog()
    {
        Job job = await RunningJob();
        await _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token);

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(
            () => _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Running }, Token));

        error.Reason.ShouldBe("JOB_ENDED");
        (await _storage.Jobs.ReadEventsAsync(job.Id, 0, 10, Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task RequestCancelAsync_QueuedAndRunning_EndsTheOneAndMarksTheOther()
    {
        Job running = await RunningJob();
        Job queued = await _storage.Jobs.CreateAsync(NewJob(), Token);

        (await _storage.Jobs.RequestCancelAsync(queued.Id, Token)).State.ShouldBe(JobState.Cancelled);
        Job marked = await _storage.Jobs.RequestCancelAsync(running.Id, Token);

        marked.State.ShouldBe(JobState.Running);
        marked.CancelRequested.ShouldBeTrue();
        (await _storage.Jobs.ClaimNextAsync(64, 64, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ListAsync_Pages_GiveEveryJobOnceNewestFirst()
    {
        List<string> created = [];
        for (int i = 0; i < 7; i++)
        {
            created.Insert(0, (await _storage.Jobs.CreateAsync(NewJob() with { Owner = i % 2 == 0 ? "ann" : "bob" }, Token)).Id);
        }

        List<string> listed = [];
        string? token = null;
        do
        {
            JobPage page = await _storage.Jobs.ListAsync(new JobQuery { PageSize = 3, PageToken = token }, Token);
            listed.AddRange(page.Jobs.Select(job => job.Id));
            token = page.NextPageToken;
        }
        while (token is not null);

        listed.ShouldBe(created);
        (await _storage.Jobs.ListAsync(new JobQuery { Owner = "bob" }, Token)).Jobs.Count.ShouldBe(3);
        await Should.ThrowAsync<InvalidInputException>(() => _storage.Jobs.ListAsync(new JobQuery { PageToken = "x" }, Token));
    }

    [Fact]
    public async Task GetLoadAsync_Jobs_CountsWaitingJobsAndUnfinishedFrames()
    {
        await RunningJob();
        await _storage.Jobs.CreateAsync(NewJob() with { GeneratedFrames = 81 }, Token);
        await _storage.Jobs.CreateAsync(NewJob() with { GeneratedFrames = 9, Owner = "bob" }, Token);

        (await _storage.Jobs.GetLoadAsync("bob", "default", Token)).ShouldBe(
            new QueueLoad { Queued = 2, QueuedByOwner = 1, QueuedByTenant = 2, GeneratedFrames = 90 });
    }

    [Fact]
    public async Task FailOverdueAsync_DeadlinesToTheTick_FailsThoseThatPassedOnly()
    {
        // Whole seconds, tenths and single ticks: their texts differ in length.
        TimeSpan[] timeouts = [.. new[] { 10.0, 10.1, 10.10001, 10.2, 9.9999999 }.Select(TimeSpan.FromSeconds)];
        List<Job> jobs = [];
        foreach (TimeSpan timeout in timeouts)
        {
            jobs.Add(await _storage.Jobs.CreateAsync(NewJob() with { Timeout = timeout }, Token));
        }

        await _storage.Jobs.CreateAsync(NewJob(), Token);
        (await _storage.Jobs.GetNextDeadlineAsync(Token)).ShouldBe(jobs[4].DeadlineAt);
        (await _storage.Jobs.FailOverdueAsync(Token)).ShouldBeEmpty();
        _storage.Time.Advance(timeouts[1]);

        IReadOnlyList<Job> failed = await _storage.Jobs.FailOverdueAsync(Token);

        failed.Select(job => job.Id).ShouldBe([jobs[4].Id, jobs[0].Id, jobs[1].Id]);
        failed.ShouldAllBe(job => job.State == JobState.Failed && job.Error!.Reason == "DEADLINE_EXCEEDED");
        (await _storage.Jobs.GetNextDeadlineAsync(Token)).ShouldBe(jobs[2].DeadlineAt);
        (await _storage.Jobs.FailOverdueAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task FailOverdueAsync_RunningJob_IsLeftAlone()
    {
        await _storage.Jobs.CreateAsync(NewJob() with { Timeout = TimeSpan.FromSeconds(1) }, Token);
        await _storage.Jobs.ClaimNextAsync(64, 64, Token);
        _storage.Time.Advance(TimeSpan.FromSeconds(2));

        (await _storage.Jobs.GetNextDeadlineAsync(Token)).ShouldBeNull();
        (await _storage.Jobs.FailOverdueAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeleteEndedAsync_ManyJobs_RemovesTheOldestWithEverythingThatIsTheirs()
    {
        List<string> ended = [];
        for (int i = 0; i < 3; i++)
        {
            Job job = await RunningJob();
            await _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Cancelled }, Token);
            ended.Add(job.Id);
            _storage.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Job waiting = await _storage.Jobs.CreateAsync(NewJob(), Token);
        DateTimeOffset third = (await _storage.Jobs.FindAsync(ended[2], Token))!.EndedAt!.Value;

        (await _storage.Jobs.DeleteEndedAsync(third, limit: 1, Token)).ShouldBe([ended[0]]);
        (await _storage.Jobs.DeleteEndedAsync(third, limit: 9, Token)).ShouldBe([ended[1]]);
        (await _storage.Jobs.DeleteEndedAsync(third, limit: 9, Token)).ShouldBeEmpty();

        (await _storage.Jobs.ReadEventsAsync(ended[0], 0, 10, Token)).ShouldBeEmpty();
        (await _storage.Jobs.ListAsync(new JobQuery(), Token)).Jobs.Select(job => job.Id).ShouldBe([waiting.Id, ended[2]]);
    }

    [Fact]
    public async Task DeleteAsync_OfAJob_RemovesAnEndedOneAlone()
    {
        Job running = await RunningJob();
        Job other = await _storage.Jobs.CreateAsync(NewJob(), Token);
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Jobs.DeleteAsync(running.Id, Token));
        (await _storage.Jobs.FindRequestAsync(running.Id, Token)).ShouldBe(NewJob().Request);

        await _storage.Jobs.AppendAsync(running.Id, new JobStateChanged { State = JobState.Cancelled }, Token);
        await _storage.Jobs.DeleteAsync(running.Id, Token);

        (await _storage.Jobs.FindRequestAsync(running.Id, Token)).ShouldBeNull();
        (await _storage.Jobs.ReadEventsAsync(running.Id, 0, 10, Token)).ShouldBeEmpty();
        (await _storage.Jobs.ListAsync(new JobQuery(), Token)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(other.Id);
    }

    [Fact]
    public async Task ListAsync_AfterAJob_GoesOnInEitherOrder()
    {
        List<string> ids = [];
        for (int i = 0; i < 3; i++)
        {
            ids.Add((await _storage.Jobs.CreateAsync(NewJob(), Token)).Id);
        }

        JobPage newest = await _storage.Jobs.ListAsync(new JobQuery { AfterJob = ids[2], PageSize = 1 }, Token);
        JobPage oldest = await _storage.Jobs.ListAsync(new JobQuery { OldestFirst = true, PageSize = 2 }, Token);
        JobPage rest = await _storage.Jobs.ListAsync(new JobQuery { OldestFirst = true, PageToken = oldest.NextPageToken }, Token);

        (newest.Jobs.Single().Id, newest.NextPageToken is not null).ShouldBe((ids[1], true));
        oldest.Jobs.Select(job => job.Id).ShouldBe(ids.Take(2));
        rest.Jobs.ShouldHaveSingleItem().Id.ShouldBe(ids[2]);
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Jobs.ListAsync(new JobQuery { AfterJob = "nobody" }, Token));
        await Should.ThrowAsync<InvalidInputException>(() =>
            _storage.Jobs.ListAsync(new JobQuery { AfterJob = ids[0], PageToken = oldest.NextPageToken }, Token));
    }

    [Fact]
    public void Apply_AnyStates_NeverLeavesAnEndedState()
    {
        Gen.Enum<JobState>().Array[1, 6].Sample(states =>
        {
            Job job = new() { Id = "j", Kind = JobKind.Generation, Owner = "ann", State = JobState.Queued, CreatedAt = default };
            foreach (JobState state in states)
            {
                JobEvent next = new() { JobId = "j", Number = job.LastEvent + 1, Time = default, Payload = new JobStateChanged { State = state } };
                bool ended = job.HasEnded;
                try
                {
                    job = job.Apply(next);
                    ended.ShouldBeFalse();
                    job.EndedAt.HasValue.ShouldBe(job.HasEnded);
                }
                catch (FailedPreconditionException)
                {
                    job.LastEvent.ShouldBe(next.Number - 1);
                }
            }
        });
    }

    private protected static NewJob NewJob() => new() { Kind = JobKind.Generation, Owner = "ann", Request = "{}" };

    private protected async Task<Job> RunningJob()
    {
        await _storage.Jobs.CreateAsync(NewJob(), Token);
        return (await _storage.Jobs.ClaimNextAsync(64, 64, Token)).ShouldNotBeNull().Job;
    }
}
