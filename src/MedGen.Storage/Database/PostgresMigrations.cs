namespace MedGen.Storage.Database;

/// <summary>
/// The schema's history in PostgreSQL, as <see cref="Migrations"/> is that in SQLite: entry k takes a database from version k to k + 1. Both end with
/// the same tables and columns.
/// </summary>
internal static class PostgresMigrations
{
    public static IReadOnlyList<string> All { get; } =
    [
        """
        -- SQLite's names for what the statements of this program use, so that they are the same for both.
        CREATE FUNCTION json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT document::jsonb #>> string_to_array(substr(path, 3), '.') $$;
        CREATE FUNCTION json_each(items text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE
            AS $$ SELECT json_array_elements_text(items::json) $$;
        CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT strpos($1, $2) $$;
        CREATE FUNCTION julianday(text) RETURNS double precision LANGUAGE sql STABLE
            AS $$ SELECT extract(epoch FROM $1::timestamptz)::double precision / 86400 + 2440587.5 $$;
        CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT greatest($1, $2) $$;
        CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT least($1, $2) $$;
        CREATE FUNCTION group_concat_step(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce($1 || ',', '') || $2 $$;
        CREATE AGGREGATE group_concat(text) (SFUNC = group_concat_step, STYPE = text);

        -- document is the record as JSON; the columns beside it are what is searched. Texts are compared by their bytes.
        CREATE TABLE jobs (
            position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id TEXT COLLATE "C" NOT NULL UNIQUE,
            kind TEXT COLLATE "C" NOT NULL,
            state TEXT COLLATE "C" NOT NULL,
            owner TEXT COLLATE "C" NOT NULL,
            generated_frames BIGINT NOT NULL,
            request TEXT NOT NULL,
            document TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 1,
            deadline_at TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(document, '$.deadlineAt')) STORED,
            ended_at TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(document, '$.endedAt')) STORED,
            tenant TEXT COLLATE "C" GENERATED ALWAYS AS (coalesce(json_extract(document, '$.tenant'), 'default')) STORED
        );
        CREATE INDEX jobs_state ON jobs (state, position);
        CREATE INDEX jobs_deadline_at ON jobs (deadline_at) WHERE state = 'Queued' AND deadline_at IS NOT NULL;
        CREATE INDEX jobs_ended_at ON jobs (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX jobs_tenant ON jobs (tenant, state);

        CREATE TABLE job_events (
            job_id TEXT COLLATE "C" NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            number BIGINT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (job_id, number)
        );

        CREATE TABLE artifacts (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            sha256 TEXT COLLATE "C" NOT NULL,
            document TEXT NOT NULL,
            owner TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(document, '$.owner')) STORED,
            patient TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(document, '$.patient')) STORED,
            created_at TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(document, '$.createdAt')) STORED,
            held BOOLEAN GENERATED ALWAYS AS (json_extract(document, '$.hold') IS NOT NULL) STORED,
            job_id TEXT COLLATE "C" GENERATED ALWAYS AS (
                coalesce(json_extract(document, '$.jobId'), json_extract(document, '$.provenance.jobId'))) STORED,
            kind TEXT COLLATE "C" GENERATED ALWAYS AS (
                CASE WHEN json_extract(document, '$.provenance') IS NOT NULL THEN 'GeneratedClip'
                     WHEN json_extract(document, '$.holdsSynthetic') = 'true' THEN 'AugmentedDataset'
                     ELSE 'Upload' END) STORED,
            tenant TEXT COLLATE "C" GENERATED ALWAYS AS (coalesce(json_extract(document, '$.tenant'), 'default')) STORED,
            size BIGINT GENERATED ALWAYS AS (json_extract(document, '$.size')::bigint) STORED
        );
        CREATE INDEX artifacts_sha256 ON artifacts (sha256);
        CREATE INDEX artifacts_owner ON artifacts (owner, id);
        CREATE INDEX artifacts_patient ON artifacts (patient, id) WHERE patient IS NOT NULL;
        CREATE INDEX artifacts_job ON artifacts (job_id) WHERE job_id IS NOT NULL;
        CREATE INDEX artifacts_created_at ON artifacts (created_at);
        CREATE INDEX artifacts_tenant ON artifacts (tenant, owner, size);

        -- No reference to artifacts: an artifact may go when the job has ended, and the job keeps its record of it.
        CREATE TABLE job_inputs (
            job_id TEXT COLLATE "C" NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            artifact_id TEXT COLLATE "C" NOT NULL,
            PRIMARY KEY (artifact_id, job_id)
        );

        -- What a job made of what; stays when the job and the source are gone.
        CREATE TABLE artifact_sources (
            source_id TEXT COLLATE "C" NOT NULL,
            artifact_id TEXT COLLATE "C" NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
            PRIMARY KEY (source_id, artifact_id)
        );
        CREATE INDEX artifact_sources_artifact ON artifact_sources (artifact_id);

        CREATE TABLE idempotency_keys (
            owner TEXT COLLATE "C" NOT NULL,
            key TEXT COLLATE "C" NOT NULL,
            request_hash TEXT NOT NULL,
            job_id TEXT COLLATE "C" REFERENCES jobs (id) ON DELETE CASCADE,
            artifact_id TEXT COLLATE "C" REFERENCES artifacts (id) ON DELETE CASCADE,
            PRIMARY KEY (owner, key)
        );
        CREATE INDEX idempotency_keys_job ON idempotency_keys (job_id) WHERE job_id IS NOT NULL;
        CREATE INDEX idempotency_keys_artifact ON idempotency_keys (artifact_id) WHERE artifact_id IS NOT NULL;

        CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL);
        CREATE TABLE erasures (id TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL);
        CREATE TABLE output_folders (path TEXT COLLATE "C" NOT NULL PRIMARY KEY, owner TEXT NOT NULL, tenant TEXT NOT NULL);

        -- item: job:ID or artifact:ID; subject: caller:NAME or tenant:NAME.
        CREATE TABLE shares (item TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, PRIMARY KEY (item, subject));
        CREATE FUNCTION remove_shares() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN DELETE FROM shares WHERE item = TG_ARGV[0] || OLD.id; RETURN OLD; END $$;
        CREATE TRIGGER shares_of_jobs AFTER DELETE ON jobs FOR EACH ROW EXECUTE FUNCTION remove_shares('job:');
        CREATE TRIGGER shares_of_artifacts AFTER DELETE ON artifacts FOR EACH ROW EXECUTE FUNCTION remove_shares('artifact:');

        -- version says which columns a row's hash covers.
        CREATE TABLE audit (
            sequence BIGINT NOT NULL PRIMARY KEY,
            time_ticks BIGINT NOT NULL,
            caller TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            outcome TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            version INTEGER NOT NULL,
            kind TEXT NOT NULL,
            tenant TEXT NOT NULL,
            address TEXT NOT NULL,
            count INTEGER NOT NULL
        );
        CREATE TABLE audit_checkpoints (
            sequence BIGINT NOT NULL PRIMARY KEY,
            folder_id TEXT NOT NULL,
            hash TEXT NOT NULL,
            time_ticks BIGINT NOT NULL,
            key_id TEXT NOT NULL,
            signature TEXT NOT NULL,
            is_base BOOLEAN NOT NULL
        );

        -- Rows leave only when they were archived under a signed checkpoint.
        CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND OLD.sequence <= (SELECT coalesce(max(sequence), 0) FROM audit_checkpoints WHERE is_base) THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION 'the audit log is append-only';
            END $$;
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit();
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit();
        """,
        """
        -- What an artifact is in DICOM; study is empty where it cannot be read as such.
        CREATE TABLE dicom_instances (
            artifact_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES artifacts (id) ON DELETE CASCADE,
            tenant TEXT COLLATE "C" NOT NULL,
            owner TEXT COLLATE "C" NOT NULL,
            study TEXT COLLATE "C" NOT NULL,
            series TEXT COLLATE "C" NOT NULL,
            instance TEXT COLLATE "C" NOT NULL,
            document TEXT NOT NULL
        );
        CREATE INDEX dicom_instances_study ON dicom_instances (study, series, instance);
        CREATE INDEX dicom_instances_instance ON dicom_instances (instance);

        CREATE TABLE dicom_studies (
            tenant TEXT COLLATE "C" NOT NULL,
            owner TEXT COLLATE "C" NOT NULL,
            study TEXT COLLATE "C" NOT NULL,
            received_at TEXT COLLATE "C" NOT NULL,
            due_at TEXT COLLATE "C",
            document TEXT NOT NULL,
            PRIMARY KEY (tenant, owner, study)
        );
        CREATE INDEX dicom_studies_due_at ON dicom_studies (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE dicom_deliveries (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            tenant TEXT COLLATE "C" NOT NULL,
            owner TEXT COLLATE "C" NOT NULL,
            study TEXT COLLATE "C" NOT NULL,
            archive TEXT COLLATE "C" NOT NULL,
            artifact_id TEXT COLLATE "C" NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
            state TEXT COLLATE "C" NOT NULL,
            due_at TEXT COLLATE "C",
            document TEXT NOT NULL,
            UNIQUE (archive, artifact_id)
        );
        CREATE INDEX dicom_deliveries_due_at ON dicom_deliveries (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX dicom_deliveries_study ON dicom_deliveries (tenant, owner, study);
        CREATE INDEX dicom_deliveries_artifact ON dicom_deliveries (artifact_id);

        -- A study is forgotten with its last instance.
        CREATE FUNCTION forget_dicom_study() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                DELETE FROM dicom_studies WHERE tenant = OLD.tenant AND owner = OLD.owner AND study = OLD.study AND NOT EXISTS (
                    SELECT 1 FROM dicom_instances AS other WHERE other.tenant = OLD.tenant AND other.owner = OLD.owner AND other.study = OLD.study);
                RETURN OLD;
            END $$;
        CREATE TRIGGER dicom_studies_of_instances AFTER DELETE ON dicom_instances FOR EACH ROW EXECUTE FUNCTION forget_dicom_study();
        """,
    ];
}
