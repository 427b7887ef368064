CREATE TABLE {schema}.operations (
    id text COLLATE "C" PRIMARY KEY,
    -- How often the record was saved; 0 where an operation is claimed and was never saved, or was forgotten.
    revision bigint NOT NULL DEFAULT 0,
    -- The layout of the record: workers leave alone what is newer than they are.
    version integer NOT NULL DEFAULT 0,
    record text,
    -- What a listing shows, so that it need not read the record.
    summary text,
    -- When it wants to be looked at: as the worker said, and by the clock of this server. Milliseconds since 1970.
    due bigint,
    due_at bigint,
    -- When it was first saved as done or refused, by the clock of this server.
    finished_at bigint,
    -- Which call saved it last: whoever lost the answer finds out by it.
    saved_by text,
    claim_key text,
    claim_owner text,
    -- By the clock of this server.
    claim_ends bigint,
    -- How far the clock of who claimed it is behind this server's, in milliseconds.
    claim_behind bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX operations_due ON {schema}.operations (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX operations_open ON {schema}.operations (id) WHERE finished_at IS NULL AND revision > 0;
CREATE INDEX operations_finished ON {schema}.operations (id) WHERE finished_at IS NOT NULL;
CREATE INDEX operations_finished_at ON {schema}.operations (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX operations_newer ON {schema}.operations (id) WHERE version > 1;
CREATE INDEX operations_empty ON {schema}.operations (id) WHERE revision = 0;
