namespace MedGen.Storage.Database;

/// <summary>
/// The schema's history. Entry k takes a database from version k to k + 1; entries are added at the end and never changed once released.
/// </summary>
internal static class Migrations
{
    public static IReadOnlyList<string> All { get; } =
    [
        """
        -- document is the record as JSON; the columns beside it are what is searched.
        CREATE TABLE jobs (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            owner TEXT NOT NULL,
            generated_frames INTEGER NOT NULL,
            request TEXT NOT NULL,
            document TEXT NOT NULL
        );
        CREATE INDEX jobs_state ON jobs (state, position);

        CREATE TABLE job_events (
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (job_id, number)
        ) WITHOUT ROWID;

        CREATE TABLE artifacts (
            id TEXT NOT NULL PRIMARY KEY,
            sha256 TEXT NOT NULL,
            document TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX artifacts_sha256 ON artifacts (sha256);

        -- No reference to artifacts: an artifact may go when the job has ended, and the job keeps its record of it.
        CREATE TABLE job_inputs (
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            artifact_id TEXT NOT NULL,
            PRIMARY KEY (artifact_id, job_id)
        ) WITHOUT ROWID;

        CREATE TABLE idempotency_keys (
            owner TEXT NOT NULL,
            key TEXT NOT NULL,
            request_hash TEXT NOT NULL,
            job_id TEXT REFERENCES jobs (id) ON DELETE CASCADE,
            artifact_id TEXT REFERENCES artifacts (id) ON DELETE CASCADE,
            PRIMARY KEY (owner, key)
        ) WITHOUT ROWID;

        CREATE TABLE audit (
            sequence INTEGER NOT NULL PRIMARY KEY,
            time_ticks INTEGER NOT NULL,
            caller TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            outcome TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL
        );
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """,
        """
        -- Times as the document spells them, always in UTC with unneeded zeros left out, so their order as texts is their order in time.
        ALTER TABLE jobs ADD COLUMN deadline_at TEXT GENERATED ALWAYS AS (json_extract(document, '$.deadlineAt')) VIRTUAL;
        ALTER TABLE jobs ADD COLUMN ended_at TEXT GENERATED ALWAYS AS (json_extract(document, '$.endedAt')) VIRTUAL;
        CREATE INDEX jobs_deadline_at ON jobs (deadline_at) WHERE state = 'Queued' AND deadline_at IS NOT NULL;
        CREATE INDEX jobs_ended_at ON jobs (ended_at) WHERE ended_at IS NOT NULL;
        """,
        """
        -- 0 the most urgent; jobs from before are ordinary ones.
        ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
        """,
    ];
}
