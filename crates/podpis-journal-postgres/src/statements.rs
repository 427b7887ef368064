//! The statements of the journal, made once for its schema.
//!
//! **Invariant:** each is whole by itself and leaves nothing behind on its connection, so that a pooler may give every
//! statement to another one; and each may be executed twice and is then as if it had been executed once.

use podpis_operation::Operation;

/// The clock of the server in milliseconds, at the start of the statement: what decides when leases run out.
const NOW: &str = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

/// A moment that no clock reaches, and to which the differences of clocks can be added.
const FAR: &str = "4000000000000000000";

/// How far the clock of who claims is behind: nothing where it tells no time. A difference below five seconds is taken for
/// the time that the statement took to get here.
const BEHIND: &str =
    "CASE WHEN {clock} = 0 OR abs({now} - {clock}) < 5000 THEN 0 ELSE {now} - {clock} END";

/// The texts of all statements.
#[derive(Debug)]
pub(crate) struct Statements {
    /// Claims, saves and removals.
    pub(crate) change: String,
    pub(crate) holder: String,
    pub(crate) claim_due: String,
    pub(crate) unclaim_due: String,
    pub(crate) renew: String,
    pub(crate) is_there: String,
    pub(crate) forget_free: String,
    pub(crate) forget: String,
    pub(crate) give_back: String,
    pub(crate) look: String,
    pub(crate) list_all: String,
    pub(crate) list_open: String,
    pub(crate) list_finished: String,
    pub(crate) list_due: String,
    pub(crate) records: String,
    pub(crate) prune: String,
    pub(crate) sweep: String,
    /// What tells of new work.
    pub(crate) channel: String,
}

impl Statements {
    pub(crate) fn of(schema: &str) -> Self {
        let channel = format!("{schema}_work");
        let text = |text: &str| {
            text.replace("{table}", &format!("{schema}.operations"))
                .replace("{free}", "(claim_key IS NULL OR claim_ends <= {now})")
                .replace("{behind}", BEHIND)
                .replace("{now}", NOW)
                .replace("{far}", FAR)
                .replace("{known}", &Operation::VERSION.to_string())
                .replace("{channel}", &channel)
        };
        let clocked = |clock: &str, statement: &str| text(statement).replace("{clock}", clock);
        let list = |conditions: &str| {
            text(&format!(
                "SELECT id, version, summary, due, due_at FROM {{table}} WHERE {conditions}"
            ))
        };
        let by_id = "ORDER BY id LIMIT $2";
        let with_newer = |which: &str| {
            let these = list(&format!(
                "{which} AND version <= {{known}} AND id > $1 {by_id}"
            ));
            let newer = list(&format!("version > {{known}} AND id > $1 {by_id}"));
            format!("({these}) UNION ALL ({newer}) {by_id}")
        };
        Self {
            // What this very call has saved already it saves once more: its answer was lost.
            change: clocked(
                "clock",
                "WITH claimed AS (INSERT INTO {table} AS operation (id, claim_key, claim_owner, claim_ends, claim_behind) \
                 SELECT id, key, owner, {now} + length, {behind} \
                 FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) \
                 AS claim (id, key, owner, length, clock) \
                 ON CONFLICT (id) DO UPDATE SET claim_key = excluded.claim_key, claim_owner = excluded.claim_owner, \
                 claim_ends = excluded.claim_ends, claim_behind = excluded.claim_behind \
                 WHERE (operation.claim_key IS NULL OR operation.claim_ends <= {now} \
                 OR operation.claim_key = excluded.claim_key) AND operation.version <= {known} \
                 RETURNING id, revision, record, due), \
                 saved AS (UPDATE {table} AS operation SET revision = seen + 1, version = {known}, \
                 record = save.record, summary = save.summary, due = save.due, \
                 due_at = LEAST(save.due, {far}) + claim_behind, \
                 finished_at = CASE WHEN is_finished THEN COALESCE(finished_at, {now}) END, saved_by = call \
                 FROM unnest($6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::bigint[], \
                 $12::boolean[], $13::text[]) AS save (id, key, seen, record, summary, due, is_finished, call) \
                 WHERE operation.id = save.id AND version <= {known} \
                 AND (claim_key = key AND revision = seen OR saved_by = call AND revision = seen + 1) \
                 RETURNING operation.id, revision), \
                 removed AS (DELETE FROM {table} AS operation USING unnest($14::text[], $15::text[]) AS held (id, key) \
                 WHERE operation.id = held.id AND claim_key = held.key RETURNING operation.id) \
                 SELECT id, revision, record, due FROM claimed UNION ALL SELECT id, revision, NULL, NULL FROM saved \
                 UNION ALL SELECT id, 0, NULL, NULL FROM removed",
            ),
            holder: text(
                "SELECT version, CASE WHEN claim_ends > {now} THEN claim_owner END FROM {table} WHERE id = $1",
            ),
            claim_due: clocked(
                "$3::bigint",
                "WITH taken AS MATERIALIZED (SELECT id, due_at FROM {table} WHERE due_at <= {now} AND {free} \
                 AND version <= {known} AND id <> ALL($4) ORDER BY due_at, id LIMIT $5 FOR UPDATE SKIP LOCKED), \
                 numbered AS (SELECT id, (row_number() OVER (ORDER BY due_at, id))::integer AS number FROM taken) \
                 UPDATE {table} AS operation SET claim_key = ($1::text[])[number], claim_owner = $2, \
                 claim_ends = {now} + $6::bigint, claim_behind = {behind} \
                 FROM numbered WHERE operation.id = numbered.id \
                 RETURNING operation.id, revision, record, due, number",
            ),
            unclaim_due: text(
                "UPDATE {table} SET claim_key = NULL, claim_owner = NULL, claim_ends = NULL \
                 WHERE due_at <= {now} AND claim_key = ANY($1) AND id <> ALL($2)",
            ),
            renew: clocked(
                "$5::bigint",
                "UPDATE {table} SET claim_owner = $3, claim_ends = {now} + $4::bigint, claim_behind = {behind} \
                 WHERE id = $1 AND claim_key = $2 RETURNING revision",
            ),
            is_there: text("SELECT 1 FROM {table} WHERE id = $1"),
            forget_free: text("DELETE FROM {table} WHERE id = $1 AND {free} RETURNING revision"),
            // A row without a record: whoever holds it goes on holding.
            forget: text(
                "UPDATE {table} SET revision = 0, version = 0, record = NULL, summary = NULL, due = NULL, \
                 due_at = NULL, finished_at = NULL, saved_by = NULL WHERE id = $1 RETURNING revision",
            ),
            give_back: text(
                "WITH held AS (SELECT * FROM unnest($1::text[], $2::text[]) AS held (id, key)), \
                 gone AS (DELETE FROM {table} AS operation USING held WHERE operation.id = held.id \
                 AND claim_key = held.key AND revision = 0), \
                 freed AS (UPDATE {table} AS operation SET claim_key = NULL, claim_owner = NULL, claim_ends = NULL \
                 FROM held WHERE operation.id = held.id AND claim_key = held.key AND revision > 0 RETURNING due_at) \
                 SELECT pg_notify('{channel}', '') FROM freed WHERE due_at <= {now} LIMIT 1",
            ),
            look: text(
                "SELECT id, revision, record, due, version FROM {table} WHERE id = $1 AND revision > 0",
            ),
            list_all: list(&format!("revision > 0 AND id > $1 {by_id}")),
            list_open: with_newer("revision > 0 AND finished_at IS NULL"),
            list_finished: with_newer("finished_at IS NOT NULL"),
            list_due: list(
                "due_at <= {now} AND {free} AND version <= {known} AND (due_at, id) > ($1, $2) \
                 ORDER BY due_at, id LIMIT $3",
            ),
            records: text(
                "SELECT id, revision, record, due FROM {table} WHERE revision > 0 AND version <= {known} AND id > $1 \
                 ORDER BY id LIMIT $2",
            ),
            prune: text(
                "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE finished_at <= {now} - $1::bigint \
                 AND {free} AND version <= {known} ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
                 RETURNING revision",
            ),
            sweep: text(
                "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE revision = 0 \
                 AND (claim_key IS NULL OR claim_ends <= {now} - $1::bigint) LIMIT $2 FOR UPDATE SKIP LOCKED) \
                 RETURNING revision",
            ),
            channel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        let shown = format!("{:?}", Statements::of("podpis"));
        let rest = shown.replacen("Statements {", "", 1);
        assert!(!rest.contains('{'), "{rest}");
    }
}
