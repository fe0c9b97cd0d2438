-- Times are nanoseconds since 1970 in UTC. An amount is kept as its digits, and for adding up as whole units, 10^-9
-- and 10^-18 of a unit; odd_amount marks what does not fit, and is added up from its digits.
CREATE TABLE portolan_call (
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
    amount_units INTEGER NOT NULL,
    amount_nanos INTEGER NOT NULL,
    amount_attos INTEGER NOT NULL,
    odd_amount INTEGER NOT NULL,
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
    usage_raw TEXT
);

CREATE INDEX portolan_call_started ON portolan_call (started_nanos);

CREATE INDEX portolan_call_unknown ON portolan_call (started_nanos) WHERE amount_text IS NULL;

CREATE TABLE portolan_call_tag (
    call_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (call_id, position)
);

CREATE TABLE portolan_call_generation (
    provider TEXT NOT NULL,
    generation_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (provider, generation_id)
);

CREATE INDEX portolan_call_generation_call ON portolan_call_generation (call_id);

CREATE INDEX portolan_call_odd ON portolan_call (started_nanos) WHERE odd_amount = 1;
