namespace MedGen.Storage.Database;

/// <summary>
/// The schema's history. Entry k takes a database from version k to k + 1; entries are added at the end and never changed once released.
/// </summary>
internal static class Migrations
{
    /// <summary>Version since which deleted rows are overwritten in the file.</summary>
    public const int FirstWithSecureDelete = 5;

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
        """
        CREATE TABLE facts (
            name TEXT NOT NULL PRIMARY KEY,
            document TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE artifacts ADD COLUMN owner TEXT GENERATED ALWAYS AS (json_extract(document, '$.owner')) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN patient TEXT GENERATED ALWAYS AS (json_extract(document, '$.patient')) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN created_at TEXT GENERATED ALWAYS AS (json_extract(document, '$.createdAt')) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN held INTEGER GENERATED ALWAYS AS (json_extract(document, '$.hold') IS NOT NULL) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN job_id TEXT
            GENERATED ALWAYS AS (coalesce(json_extract(document, '$.jobId'), json_extract(document, '$.provenance.jobId'))) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN kind TEXT GENERATED ALWAYS AS (
            CASE WHEN json_extract(document, '$.provenance') IS NOT NULL THEN 'GeneratedClip'
                 WHEN json_extract(document, '$.holdsSynthetic') THEN 'AugmentedDataset'
                 ELSE 'Upload' END) VIRTUAL;
        CREATE INDEX artifacts_owner ON artifacts (owner, id);
        CREATE INDEX artifacts_patient ON artifacts (patient, id) WHERE patient IS NOT NULL;
        CREATE INDEX artifacts_job ON artifacts (job_id) WHERE job_id IS NOT NULL;
        CREATE INDEX artifacts_created_at ON artifacts (created_at);

        -- What a job made of what; stays when the job and the source are gone.
        CREATE TABLE artifact_sources (
            source_id TEXT NOT NULL,
            artifact_id TEXT NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
            PRIMARY KEY (source_id, artifact_id)
        ) WITHOUT ROWID;
        CREATE INDEX artifact_sources_artifact ON artifact_sources (artifact_id);
        INSERT INTO artifact_sources (source_id, artifact_id)
            SELECT DISTINCT job_inputs.artifact_id, artifacts.id FROM artifacts JOIN job_inputs ON job_inputs.job_id = artifacts.job_id;

        CREATE TABLE erasures (
            id TEXT NOT NULL PRIMARY KEY,
            document TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        -- What states no tenant is from before there were any.
        ALTER TABLE jobs ADD COLUMN tenant TEXT GENERATED ALWAYS AS (coalesce(json_extract(document, '$.tenant'), 'default')) VIRTUAL;
        CREATE INDEX jobs_tenant ON jobs (tenant, state);
        ALTER TABLE artifacts ADD COLUMN tenant TEXT GENERATED ALWAYS AS (coalesce(json_extract(document, '$.tenant'), 'default')) VIRTUAL;
        ALTER TABLE artifacts ADD COLUMN size INTEGER GENERATED ALWAYS AS (json_extract(document, '$.size')) VIRTUAL;
        CREATE INDEX artifacts_tenant ON artifacts (tenant, owner, size);

        -- item: job:ID or artifact:ID; subject: caller:NAME or tenant:NAME.
        CREATE TABLE shares (item TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (item, subject)) WITHOUT ROWID;
        CREATE TRIGGER shares_of_jobs AFTER DELETE ON jobs BEGIN DELETE FROM shares WHERE item = 'job:' || OLD.id; END;
        CREATE TRIGGER shares_of_artifacts AFTER DELETE ON artifacts BEGIN DELETE FROM shares WHERE item = 'artifact:' || OLD.id; END;

        CREATE TABLE output_folders (path TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, tenant TEXT NOT NULL) WITHOUT ROWID;

        -- version says which columns a row's hash covers.
        ALTER TABLE audit ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE audit ADD COLUMN kind TEXT NOT NULL DEFAULT 'Change';
        ALTER TABLE audit ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
        CREATE TABLE audit_checkpoints (
            sequence INTEGER NOT NULL PRIMARY KEY,
            folder_id TEXT NOT NULL,
            hash TEXT NOT NULL,
            time_ticks INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            signature TEXT NOT NULL,
            is_base INTEGER NOT NULL
        );

        -- Rows leave only when they were archived under a signed checkpoint.
        DROP TRIGGER audit_no_delete;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
            WHEN OLD.sequence > (SELECT coalesce(max(sequence), 0) FROM audit_checkpoints WHERE is_base)
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """,
        """
        -- What an artifact is in DICOM; study is empty where it cannot be read as such.
        CREATE TABLE dicom_instances (
            artifact_id TEXT NOT NULL PRIMARY KEY REFERENCES artifacts (id) ON DELETE CASCADE,
            tenant TEXT NOT NULL,
            owner TEXT NOT NULL,
            study TEXT NOT NULL,
            series TEXT NOT NULL,
            instance TEXT NOT NULL,
            document TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX dicom_instances_study ON dicom_instances (study, series, instance);
        CREATE INDEX dicom_instances_instance ON dicom_instances (instance);

        CREATE TABLE dicom_studies (
            tenant TEXT NOT NULL,
            owner TEXT NOT NULL,
            study TEXT NOT NULL,
            received_at TEXT NOT NULL,
            due_at TEXT,
            document TEXT NOT NULL,
            PRIMARY KEY (tenant, owner, study)
        ) WITHOUT ROWID;
        CREATE INDEX dicom_studies_due_at ON dicom_studies (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE dicom_deliveries (
            id TEXT NOT NULL PRIMARY KEY,
            tenant TEXT NOT NULL,
            owner TEXT NOT NULL,
            study TEXT NOT NULL,
            archive TEXT NOT NULL,
            artifact_id TEXT NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
            state TEXT NOT NULL,
            due_at TEXT,
            document TEXT NOT NULL,
            UNIQUE (archive, artifact_id)
        ) WITHOUT ROWID;
        CREATE INDEX dicom_deliveries_due_at ON dicom_deliveries (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX dicom_deliveries_study ON dicom_deliveries (tenant, owner, study);
        CREATE INDEX dicom_deliveries_artifact ON dicom_deliveries (artifact_id);

        -- A study is forgotten with its last instance.
        CREATE TRIGGER dicom_studies_of_instances AFTER DELETE ON dicom_instances BEGIN
            DELETE FROM dicom_studies WHERE tenant = OLD.tenant AND owner = OLD.owner AND study = OLD.study AND NOT EXISTS (
                SELECT 1 FROM dicom_instances AS other WHERE other.tenant = OLD.tenant AND other.owner = OLD.owner AND other.study = OLD.study);
        END;
        """,
    ];
}
