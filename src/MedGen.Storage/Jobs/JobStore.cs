using System.Globalization;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Application.Cluster;
using MedGen.Application.Jobs;
using MedGen.Storage.Cluster;
using MedGen.Storage.Database;

namespace MedGen.Storage.Jobs;

/// <summary>Jobs and their events in the database. Every change goes through <see cref="Append"/>: event and record in one transaction.</summary>
internal sealed class JobStore(StoreDatabase database, JobClaims claims, RecordsClock clock) : IJobStore, IJobClaims
{
    // A job's priority at @now, 0 the most urgent: each ten minutes of waiting count as one priority. In milliseconds, for whole numbers divide
    // alike in every database.
    private const string Urgency =
        "max(0, priority - CAST((julianday(@now) - julianday(json_extract(document, '$.createdAt'))) * 86400000 AS BIGINT) / 600000)";

    // Nearly always the first one is taken.
    private const int ClaimPage = 50;

    private const double UnixEpoch = 2440587.5; // as a Julian day

    public Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Create(session, job), cancellationToken);

    public Task<Job?> FindAsync(string jobId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.ReadOne(session => WithPosition(session, Find(session, jobId))));
    }

    public Task<string?> FindRequestAsync(string jobId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.ReadOne(session =>
            session.Query("SELECT request FROM jobs WHERE id = @id", row => row.GetString(0), ("@id", jobId)).SingleOrDefault()));
    }

    public Task<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long? from = null;
        if (query.PageToken is { } token)
        {
            from = query.AfterJob is null && long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw new InvalidInputException("page_token", "Was not given by this service; use the token of the page before, alone.");
        }

        return Task.FromResult(database.Read(session => List(session, query, query.AfterJob is { } after ? PositionOf(session, after) : from)));
    }

    public Task<ClaimedJob?> ClaimNextAsync(
        int maxRunningPerOwner, int maxRunningPerTenant, Func<JobCandidate, bool>? takes, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Claim(session, maxRunningPerOwner, maxRunningPerTenant, takes), cancellationToken);

    // A change of state goes on record also on a full disk: a job that ended must not seem to run.
    public Task<JobEvent> AppendAsync(string jobId, JobEventPayload payload, CancellationToken cancellationToken) => payload is JobStateChanged
        ? database.WriteUrgentAsync(session => AppendOwn(session, jobId, payload), cancellationToken)
        : database.WriteAsync(session => AppendOwn(session, jobId, payload), cancellationToken);

    Task<IReadOnlyList<JobClaim>> IJobClaims.ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<JobClaim>>(database.ReadOne(JobClaims.List));
    }

    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        double days = database.ReadOne(session => session.Scalar<double>("SELECT julianday('now')"));
        return Task.FromResult(DateTimeOffset.UnixEpoch.AddDays(days - UnixEpoch));
    }

    public Task<Job?> TakeBackAsync(JobClaim claim, Func<Job, JobStateChanged> end, CancellationToken cancellationToken) =>
        database.WriteUrgentAsync(
            session =>
            {
                if (JobClaims.Find(session, claim.JobId) != claim.HostId)
                {
                    return null;
                }

                Job job = Require(session, claim.JobId);
                return Append(session, job, end(job)).Job;
            },
            cancellationToken);

    public Task<Job> RequestCancelAsync(string jobId, CancellationToken cancellationToken) =>
        database.WriteAsync(session => RequestCancel(session, Require(session, jobId)), cancellationToken);

    public Task<DateTimeOffset?> GetNextDeadlineAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.ReadOne(session => session.Query(
            "SELECT document FROM jobs WHERE state = 'Queued' AND deadline_at IS NOT NULL ORDER BY deadline_at LIMIT 1",
            row => Parse<Job>(row.GetString(0)).DeadlineAt).SingleOrDefault()));
    }

    public Task<IReadOnlyList<Job>> FailOverdueAsync(CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<Job>>(
            session =>
            {
                List<Job> overdue = session.Query(
                    "SELECT document FROM jobs WHERE state = 'Queued' AND deadline_at <= @now ORDER BY deadline_at",
                    row => Parse<Job>(row.GetString(0)),
                    ("@now", Text(clock.GetUtcNow())));
                return [.. overdue.Select(job => Append(session, job, job.TimeIsUp()).Job)];
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> DeleteEndedAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        database.EraseAsync<IReadOnlyList<string>>(
            session =>
            {
                List<string> old = session.Query(
                    "SELECT id FROM jobs WHERE ended_at < @before ORDER BY ended_at LIMIT @limit",
                    row => row.GetString(0),
                    ("@before", Text(endedBefore)),
                    ("@limit", limit));

                // Events, inputs and idempotency keys go with their job.
                old.ForEach(id => session.Execute("DELETE FROM jobs WHERE id = @id", ("@id", id)));
                return old;
            },
            cancellationToken);

    public Task DeleteAsync(string jobId, CancellationToken cancellationToken) =>
        database.EraseAsync(
            session => session.Execute("DELETE FROM jobs WHERE id = @id AND ended_at IS NOT NULL", ("@id", jobId)) == 1
                ? true
                : throw new ResourceNotFoundException("job", jobId),
            cancellationToken);

    public Task<IReadOnlyList<JobEvent>> ReadEventsAsync(string jobId, long afterEvent, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<JobEvent> events = database.ReadOne(session => session.Query(
            "SELECT document FROM job_events WHERE job_id = @job AND number > @after ORDER BY number LIMIT @limit",
            row => Parse<JobEvent>(row.GetString(0)),
            ("@job", jobId),
            ("@after", afterEvent),
            ("@limit", limit)));
        return Task.FromResult(events);
    }

    public Task<QueueLoad> GetLoadAsync(string owner, string tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.ReadOne(session => session.Query(
            """
            SELECT count(*) FILTER (WHERE state = 'Queued'), count(*) FILTER (WHERE state = 'Queued' AND owner = @owner),
                   count(*) FILTER (WHERE state = 'Queued' AND tenant = @tenant), coalesce(sum(generated_frames), 0)
            FROM jobs WHERE state IN ('Queued', 'Running')
            """,
            row => new QueueLoad
            {
                Queued = row.GetInt32(0),
                QueuedByOwner = row.GetInt32(1),
                QueuedByTenant = row.GetInt32(2),
                GeneratedFrames = row.GetInt64(3),
            },
            ("@owner", owner),
            ("@tenant", tenant)).Single()));
    }

    private Job Create(StoreSession session, NewJob request)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Job job = new()
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Kind = request.Kind,
            Owner = request.Owner,
            Tenant = request.Tenant,
            Priority = request.Priority,
            State = JobState.Queued,
            CreatedAt = now,
            DeadlineAt = now + request.Timeout,
        };
        JobEvent queued = Next(job, new JobStateChanged { State = JobState.Queued });
        job = job.Apply(queued);

        // Together, as in Append: each statement of its own is a way to the server and back.
        session.Execute(
            """
            INSERT INTO jobs (id, kind, state, owner, priority, generated_frames, request, document)
            VALUES (@id, @kind, @state, @owner, @priority, @frames, @request, @document);
            INSERT INTO job_events (job_id, number, document) VALUES (@id, @number, @event)
            """,
            ("@id", job.Id),
            ("@kind", job.Kind.ToString()),
            ("@state", job.State.ToString()),
            ("@owner", job.Owner),
            ("@priority", (int)job.Priority),
            ("@frames", request.GeneratedFrames),
            ("@request", request.Request),
            ("@document", Format(job)),
            ("@number", queued.Number),
            ("@event", Format(queued)));
        foreach (string input in request.Inputs)
        {
            if (session.Scalar<long>("SELECT count(*) FROM artifacts WHERE id = @id", ("@id", input)) == 0)
            {
                throw new ResourceNotFoundException("artifact", input);
            }

            session.Execute("INSERT INTO job_inputs (job_id, artifact_id) VALUES (@job, @artifact)", ("@job", job.Id), ("@artifact", input));
        }

        IdempotencyKeys.Write(session, request.Claim, jobId: job.Id);
        return job;
    }

    private static long PositionOf(StoreSession session, string jobId) =>
        session.Query<long?>("SELECT position FROM jobs WHERE id = @id", row => row.GetInt64(0), ("@id", jobId)).SingleOrDefault()
        ?? throw new ResourceNotFoundException("job", jobId);

    private static JobPage List(StoreSession session, JobQuery query, long? from)
    {
        (string beyond, string order) = query.OldestFirst ? (">", "ASC") : ("<", "DESC");

        // One more than the page holds tells whether there is another page.
        List<(long Position, Job Job)> rows = session.Query(
            $"""
            SELECT position, document FROM jobs
            WHERE position {beyond} @from AND (CAST(@state AS TEXT) IS NULL OR state = @state) AND (CAST(@kind AS TEXT) IS NULL OR kind = @kind)
              AND (CAST(@owner AS TEXT) IS NULL OR owner = @owner)
              AND (CAST(@viewer AS TEXT) IS NULL
                   OR ((CAST(@viewTenant AS TEXT) IS NULL OR tenant = @viewTenant) AND (CAST(@viewOwner AS TEXT) IS NULL OR owner = @viewOwner))
                   OR EXISTS (SELECT 1 FROM shares WHERE item = 'job:' || jobs.id AND subject IN ('caller:' || @viewer, 'tenant:' || @ofTenant)))
            ORDER BY position {order} LIMIT @limit
            """,
            row => (row.GetInt64(0), Parse<Job>(row.GetString(1))),
            ("@from", from ?? (query.OldestFirst ? 0 : long.MaxValue)),
            ("@state", query.State?.ToString()),
            ("@kind", query.Kind?.ToString()),
            ("@owner", query.Owner),
            ("@viewer", query.View?.Caller.Name),
            ("@viewTenant", query.View?.Tenant),
            ("@viewOwner", query.View?.Owner),
            ("@ofTenant", query.View?.Caller.Tenant),
            ("@limit", query.PageSize + 1L));
        bool more = rows.Count > query.PageSize;
        return new JobPage
        {
            Jobs = [.. rows.Take(query.PageSize).Select(row => row.Job)],
            NextPageToken = more ? rows[query.PageSize - 1].Position.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private ClaimedJob? Claim(StoreSession session, int maxRunningPerOwner, int maxRunningPerTenant, Func<JobCandidate, bool>? takes)
    {
        Lazy<IReadOnlySet<string>> busy = new(() => JobClaims.List(session).Select(claim => claim.HostId).ToHashSet());
        JobCandidate? next = null;
        for (int passed = 0, page = 1; next is null; passed += page, page = ClaimPage)
        {
            List<JobCandidate> waiting = ReadWaiting(session, maxRunningPerOwner, maxRunningPerTenant, passed, page, busy);
            next = waiting.Find(one => takes is null || takes(one));
            if (next is null && waiting.Count < page)
            {
                return null;
            }
        }

        Job running = Append(session, next.Job, new JobStateChanged { State = JobState.Running, Attempt = next.Job.Attempt + 1 }).Job;
        claims.Begin(session, next.Job.Id);
        return new ClaimedJob { Job = running, Request = next.Request };
    }

    private List<JobCandidate> ReadWaiting(
        StoreSession session, int maxRunningPerOwner, int maxRunningPerTenant, int passed, int limit, Lazy<IReadOnlySet<string>> busy) =>
        session.Query(
            $"""
            WITH running AS (SELECT owner, count(*) AS jobs FROM jobs WHERE state = 'Running' GROUP BY owner)
            SELECT document, request FROM jobs LEFT JOIN running USING (owner)
            WHERE state = 'Queued' AND coalesce(running.jobs, 0) < @limit
              AND (SELECT count(*) FROM jobs AS other WHERE other.tenant = jobs.tenant AND other.state = 'Running') < @tenantLimit
            ORDER BY {Urgency}, coalesce(running.jobs, 0), position
            LIMIT @rows OFFSET @passed
            """,
            row => new JobCandidate { Job = Parse<Job>(row.GetString(0)), Request = row.GetString(1), BusyHosts = busy },
            ("@limit", maxRunningPerOwner),
            ("@tenantLimit", maxRunningPerTenant),
            ("@now", Text(clock.GetUtcNow())),
            ("@rows", limit),
            ("@passed", passed));

    private Job RequestCancel(StoreSession session, Job job)
    {
        if (job.State == JobState.Queued)
        {
            return Append(session, job, new JobStateChanged { State = JobState.Cancelled, Attempt = job.Attempt }).Job;
        }

        if (job.State == JobState.Running && !job.CancelRequested)
        {
            job = job with { CancelRequested = true };
            Save(session, job);
        }

        return job;
    }

    // What a run says of its job. Of a job that has ended, it is told that it has.
    private JobEvent AppendOwn(StoreSession session, string jobId, JobEventPayload payload)
    {
        Job job = Require(session, jobId);
        if (!job.HasEnded)
        {
            claims.Require(session, jobId);
        }

        return Append(session, job, payload).Event;
    }

    private (Job Job, JobEvent Event) Append(StoreSession session, Job job, JobEventPayload payload)
    {
        JobEvent next = Next(job, payload);
        Job changed = job.Apply(next);
        session.Execute(
            """
            INSERT INTO job_events (job_id, number, document) VALUES (@id, @number, @event);
            UPDATE jobs SET state = @state, document = @document WHERE id = @id
            """,
            ("@id", next.JobId),
            ("@number", next.Number),
            ("@event", Format(next)),
            ("@state", changed.State.ToString()),
            ("@document", Format(changed)));
        if (job.State == JobState.Running && changed.State != JobState.Running)
        {
            claims.End(session, job.Id);
        }

        return (changed, next);
    }

    private JobEvent Next(Job job, JobEventPayload payload) =>
        new() { JobId = job.Id, Number = job.LastEvent + 1, Time = clock.GetUtcNow(), Payload = payload };

    private static void Save(StoreSession session, Job job) => session.Execute(
        "UPDATE jobs SET state = @state, document = @document WHERE id = @id",
        ("@state", job.State.ToString()),
        ("@document", Format(job)),
        ("@id", job.Id));

    private static Job? Find(StoreSession session, string jobId) => session.Query(
        "SELECT document FROM jobs WHERE id = @id", row => Parse<Job>(row.GetString(0)), ("@id", jobId)).SingleOrDefault();

    // Those before it as far as that can be told: who runs how much will have changed when its turn comes.
    private Job? WithPosition(StoreSession session, Job? job) => job is not { State: JobState.Queued } ? job : job with
    {
        Position = (int)session.Scalar<long>(
            $"""
            WITH waiting AS (SELECT id, position, {Urgency} AS urgency FROM jobs WHERE state = 'Queued')
            SELECT count(*) FROM waiting AS other JOIN waiting AS this ON this.id = @id
            WHERE (other.urgency, other.position) <= (this.urgency, this.position)
            """,
            ("@id", job.Id),
            ("@now", Text(clock.GetUtcNow()))),
    };

    private static Job Require(StoreSession session, string jobId) => Find(session, jobId) ?? throw new ResourceNotFoundException("job", jobId);

    // A time as it stands in a document.
    private static string Text(DateTimeOffset time) => Format(time).Trim('"');

    private static string Format<T>(T value) => StoredJson.Of(value);

    private static T Parse<T>(string document) => JsonSerializer.Deserialize<T>(document, JobJson.Options)!;
}
