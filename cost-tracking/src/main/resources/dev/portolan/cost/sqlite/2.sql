-- For reports: what they add up stands together in one index, in the order in which they group it, and once more for
-- each tag. amount_nanos, amount_attos and amount_rontos are multiples of 10^-9, 10^-18 and 10^-27 of a unit; odd marks
-- an entry with a figure that does not fit or is too great to be added up here. tags has all tags of a call, in order.
CREATE TABLE portolan_call_2 (
    call_id TEXT NOT NULL PRIMARY KEY,
    operation TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    answered_model TEXT NOT NULL,
    upstream TEXT,
    started_nanos INTEGER NOT NULL,
    day TEXT NOT NULL,
    latency_nanos INTEGER NOT NULL,
    first_token_nanos INTEGER,
    status TEXT NOT NULL,
    error TEXT,
    attempts INTEGER NOT NULL,
    currency TEXT NOT NULL,
    cost_source TEXT NOT NULL,
    amount_text TEXT,
    amount_nanos INTEGER NOT NULL,
    amount_attos INTEGER NOT NULL,
    amount_rontos INTEGER NOT NULL,
    odd INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    total_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    prompt_audio_tokens INTEGER NOT NULL,
    video_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    image_tokens INTEGER NOT NULL,
    completion_audio_tokens INTEGER NOT NULL,
    accepted_prediction_tokens INTEGER NOT NULL,
    rejected_prediction_tokens INTEGER NOT NULL,
    tags TEXT NOT NULL,
    usage_raw TEXT
);

INSERT INTO portolan_call_2
SELECT call_id, operation, provider, model, answered_model, upstream, started_nanos, day, latency_nanos,
    first_token_nanos, status, error, attempts, currency, cost_source, amount_text,
    CASE WHEN odd THEN 0 ELSE amount_units * 1000000000 + amount_nanos END,
    CASE WHEN odd THEN 0 ELSE amount_attos END,
    0, odd,
    prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens, prompt_audio_tokens,
    video_tokens, reasoning_tokens, image_tokens, completion_audio_tokens, accepted_prediction_tokens,
    rejected_prediction_tokens,
    COALESCE((
        SELECT group_concat(tag, '') || char(30) FROM (
            SELECT char(30) || replace(replace(name, char(30), char(27) || '001e'), char(31), char(27) || '001f')
                || char(31) || replace(replace(value, char(30), char(27) || '001e'), char(31), char(27) || '001f') AS tag
            FROM portolan_call_tag WHERE call_id = c.call_id ORDER BY position
        )
    ), ''),
    usage_raw
FROM (
    SELECT *, odd_amount = 1 OR amount_units NOT BETWEEN -1000 AND 999 OR prompt_tokens NOT BETWEEN 0 AND 1000000000
        OR completion_tokens NOT BETWEEN 0 AND 1000000000 OR total_tokens NOT BETWEEN 0 AND 1000000000 AS odd
    FROM portolan_call
) c ORDER BY started_nanos;

CREATE TABLE portolan_call_tag_2 (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    currency TEXT NOT NULL,
    cost_source TEXT NOT NULL,
    day TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    operation TEXT NOT NULL,
    status TEXT NOT NULL,
    started_nanos INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    upstream TEXT,
    amount_nanos INTEGER NOT NULL,
    amount_attos INTEGER NOT NULL,
    amount_rontos INTEGER NOT NULL,
    odd INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    total_tokens INTEGER NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (name, value, currency, cost_source, day, provider, model, operation, status, started_nanos, call_id)
) WITHOUT ROWID;

INSERT INTO portolan_call_tag_2
SELECT name, value, currency, cost_source, day, provider, model, operation, status, started_nanos, call_id, upstream,
    amount_nanos, amount_attos, amount_rontos, odd, prompt_tokens, completion_tokens, total_tokens, tags
FROM portolan_call_tag JOIN portolan_call_2 USING (call_id)
ORDER BY name, value, currency, cost_source, day, provider, model, operation, status, started_nanos, call_id;

DROP TABLE portolan_call_tag;

ALTER TABLE portolan_call_tag_2 RENAME TO portolan_call_tag;

DROP TABLE portolan_call;

ALTER TABLE portolan_call_2 RENAME TO portolan_call;

CREATE INDEX portolan_call_started ON portolan_call (started_nanos);

CREATE INDEX portolan_call_unknown ON portolan_call (started_nanos) WHERE amount_text IS NULL;

CREATE INDEX portolan_call_odd ON portolan_call (started_nanos) WHERE odd = 1;

CREATE INDEX portolan_call_report ON portolan_call (
    day, currency, cost_source, provider, model, operation, status, upstream, started_nanos,
    amount_nanos, amount_attos, amount_rontos, odd, prompt_tokens, completion_tokens, total_tokens
);
