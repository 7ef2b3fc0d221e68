-- Migrations from another directory through its API: the jobs, what was read and what became of it, and which object here is
-- which there.

CREATE TABLE migration_jobs (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  created_at {int} NOT NULL,
  -- reading, planning, planned, applying, done, failed or cancelled.
  state {text} NOT NULL,
  -- Who asked, where it reads, what it may do, how far it is (JSON).
  doc {text} NOT NULL,
  -- The API key of the source, encrypted under the master key; gone as soon as everything is read.
  secret {bytes},
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX migration_jobs_by_state ON migration_jobs (state, created_at);

CREATE TABLE migration_items (
  org_id {text} NOT NULL,
  job_id {text} NOT NULL,
  -- The order in which it is taken in.
  seq {int} NOT NULL,
  kind {text} NOT NULL,
  -- What it belongs to there (a membership's group); empty for objects.
  parent {text} NOT NULL,
  remote_id {text} NOT NULL,
  name {text} NOT NULL,
  doc {text} NOT NULL,
  -- What would become of it, and what did (JSON); the words stand beside for counting.
  planned {text},
  plan {text},
  outcome {text},
  told {text},
  PRIMARY KEY (org_id, job_id, seq),
  UNIQUE (org_id, job_id, kind, parent, remote_id),
  FOREIGN KEY (org_id, job_id) REFERENCES migration_jobs (org_id, id) ON DELETE CASCADE
) {strict};

CREATE TABLE migration_links (
  org_id {text} NOT NULL,
  source {text} NOT NULL,
  kind {text} NOT NULL,
  parent {text} NOT NULL,
  remote_id {text} NOT NULL,
  local_id {text} NOT NULL,
  -- How it was here after it was last taken in (JSON): what differs since was changed by hand.
  base {text} NOT NULL,
  PRIMARY KEY (org_id, source, kind, parent, remote_id)
) {strict};
