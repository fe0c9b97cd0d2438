-- Times are nanoseconds since 1970 in UTC. amount_text has the digits as they came; amount is the same number.
CREATE TABLE portolan_call (
    call_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    operation TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    answered_model TEXT NOT NULL,
    upstream TEXT,
    started_nanos BIGINT NOT NULL,
    day TEXT NOT NULL,
    latency_nanos BIGINT NOT NULL,
    first_token_nanos BIGINT,
    status TEXT NOT NULL,
    error TEXT,
    attempts INTEGER NOT NULL,
    currency TEXT NOT NULL,
    cost_source TEXT NOT NULL,
    amount_text TEXT,
    amount NUMERIC,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    total_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    prompt_audio_tokens BIGINT NOT NULL,
    video_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    image_tokens BIGINT NOT NULL,
    completion_audio_tokens BIGINT NOT NULL,
    accepted_prediction_tokens BIGINT NOT NULL,
    rejected_prediction_tokens BIGINT NOT NULL,
    usage_raw TEXT
);

CREATE INDEX portolan_call_started ON portolan_call (started_nanos);

CREATE INDEX portolan_call_unknown ON portolan_call (started_nanos) WHERE amount_text IS NULL;

CREATE TABLE portolan_call_tag (
    call_id TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (call_id, position)
);

CREATE TABLE portolan_call_generation (
    provider TEXT NOT NULL,
    generation_id TEXT NOT NULL,
    call_id TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (provider, generation_id)
);

CREATE INDEX portolan_call_generation_call ON portolan_call_generation (call_id);
