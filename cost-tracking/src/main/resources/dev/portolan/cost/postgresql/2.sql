-- For reports: what they add up stands once more with each tag of a call, so that a report by tag reads one table.
-- tags has all tags of a call, in order.
-- An older version may be writing: what it commits must not fall between the copy and its original.
LOCK TABLE portolan_call, portolan_call_tag, portolan_call_generation IN ACCESS EXCLUSIVE MODE;

CREATE TABLE portolan_call_2 (LIKE portolan_call);

-- Without a default: an older version that still writes must fail, and keep its records, rather than leave the tags out.
ALTER TABLE portolan_call_2 ADD COLUMN tags TEXT NOT NULL;

INSERT INTO portolan_call_2 SELECT c.*, COALESCE(t.tags, '') FROM portolan_call c LEFT JOIN (
    SELECT call_id, string_agg(
        chr(30) || replace(replace(name, chr(30), chr(27) || '001e'), chr(31), chr(27) || '001f')
        || chr(31) || replace(replace(value, chr(30), chr(27) || '001e'), chr(31), chr(27) || '001f'),
        '' ORDER BY position) || chr(30) AS tags
    FROM portolan_call_tag GROUP BY call_id
) t ON t.call_id = c.call_id;

CREATE TABLE portolan_call_tag_2 (
    call_id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    currency TEXT NOT NULL,
    cost_source TEXT NOT NULL,
    day TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    operation TEXT NOT NULL,
    status TEXT NOT NULL,
    started_nanos BIGINT NOT NULL,
    upstream TEXT,
    amount NUMERIC,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    total_tokens BIGINT NOT NULL,
    tags TEXT NOT NULL
);

INSERT INTO portolan_call_tag_2
SELECT call_id, name, value, currency, cost_source, day, provider, model, operation, status, started_nanos, upstream,
    amount, prompt_tokens, completion_tokens, total_tokens, c.tags
FROM portolan_call_tag JOIN portolan_call_2 c USING (call_id);

DROP TABLE portolan_call_tag;

ALTER TABLE portolan_call_tag_2 RENAME TO portolan_call_tag;

DROP TABLE portolan_call;

ALTER TABLE portolan_call_2 RENAME TO portolan_call;

ALTER TABLE portolan_call ADD PRIMARY KEY (call_id);

CREATE INDEX portolan_call_started ON portolan_call (started_nanos);

CREATE INDEX portolan_call_unknown ON portolan_call (started_nanos) WHERE amount_text IS NULL;

CREATE INDEX portolan_call_tag_call ON portolan_call_tag (call_id);

-- Of their beginnings: an index takes no texts of any length.
CREATE INDEX portolan_call_tag_value ON portolan_call_tag (left(name, 100), left(value, 100), started_nanos);
