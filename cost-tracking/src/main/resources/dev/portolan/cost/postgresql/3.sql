-- Budgets. Times are nanoseconds since 1970 in UTC; what was spent is kept as its digits.
-- from_nanos: accounts are kept of the periods that began then or later. scope_first and scope_second are the name and value
-- of a tag, or the provider and name of a model.
CREATE TABLE portolan_budget (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    limit_text TEXT NOT NULL,
    period TEXT NOT NULL,
    scope TEXT NOT NULL,
    scope_first TEXT,
    scope_second TEXT,
    mode TEXT NOT NULL,
    thresholds TEXT NOT NULL,
    from_nanos BIGINT NOT NULL
);

-- What was spent in one share of a budget and one period, and what of it was told. share_key is the share, or its digest if
-- it is long.
CREATE TABLE portolan_budget_account (
    budget TEXT COLLATE "C" NOT NULL,
    share_key TEXT COLLATE "C" NOT NULL,
    share TEXT NOT NULL,
    since_nanos BIGINT NOT NULL,
    spent TEXT NOT NULL,
    told TEXT,
    refused INTEGER NOT NULL,
    exceeded INTEGER NOT NULL,
    PRIMARY KEY (budget, since_nanos, share_key)
);

-- What is put by for calls, in billionths of a dollar.
CREATE TABLE portolan_budget_reservation (
    call_id TEXT COLLATE "C" NOT NULL,
    budget TEXT COLLATE "C" NOT NULL,
    share_key TEXT COLLATE "C" NOT NULL,
    share TEXT NOT NULL,
    since_nanos BIGINT NOT NULL,
    nanos BIGINT NOT NULL,
    lapses_nanos BIGINT NOT NULL,
    PRIMARY KEY (call_id, budget)
);

CREATE INDEX portolan_budget_reservation_account ON portolan_budget_reservation (budget, since_nanos, share_key);

CREATE INDEX portolan_budget_reservation_lapses ON portolan_budget_reservation (lapses_nanos);
