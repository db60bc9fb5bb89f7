-- pages that could not be read: they are named while they are tried, and for a while after
CREATE INDEX link_stuck ON link (next_try_at) WHERE outcome IN ('retry', 'given_up');
