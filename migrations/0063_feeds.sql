-- Directories that we read: where each is, and what came of reading it. See crates/feeds.

CREATE TABLE feed_sources (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  -- Where it is, what is read of it, how often, and the guard's limits.
  doc {text} NOT NULL,
  -- The password or the service account's key, encrypted under the master key.
  secret {bytes},
  -- When the settings were changed last: a plan that is older says nothing of what would be done.
  set_at {int} NOT NULL,
  -- 1: an administrator has let it be read for good; only then it is read by itself.
  active {int} NOT NULL,
  paused {int} NOT NULL,
  next_at {int} NOT NULL,
  failures {int} NOT NULL,
  failed_at {int},
  failure {text},
  PRIMARY KEY (org_id, provider_id),
  FOREIGN KEY (org_id, provider_id) REFERENCES directory_providers (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX feed_sources_by_time ON feed_sources (next_at);

-- A reading: a plan, or one that is carried out.
CREATE TABLE feed_runs (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  id {text} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  -- 1: something is still to be done.
  open {int} NOT NULL,
  -- How often it was begun: a node may die.
  attempts {int} NOT NULL,
  created_at {int} NOT NULL,
  done_at {int},
  -- Counts, progress, groups that move, why it failed.
  doc {text} NOT NULL,
  -- The run whose held objects are let go.
  approves {text},
  PRIMARY KEY (org_id, provider_id, id),
  FOREIGN KEY (org_id, provider_id) REFERENCES feed_sources (org_id, provider_id) ON DELETE CASCADE
) {strict};
CREATE INDEX feed_runs_open ON feed_runs (open, created_at);

-- What was done, or would be, object by object; who is left alone has none.
CREATE TABLE feed_results (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  run_id {text} NOT NULL,
  n {int} NOT NULL,
  kind {text} NOT NULL,
  action {text} NOT NULL,
  external_id {text} NOT NULL,
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, provider_id, run_id, n),
  FOREIGN KEY (org_id, provider_id, run_id) REFERENCES feed_runs (org_id, provider_id, id) ON DELETE CASCADE
) {strict};
