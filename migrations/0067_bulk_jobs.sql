-- Many people made or changed at once, in a job: what was asked for each, encrypted while it waits since passwords may be in
-- it, and what became of it.

CREATE TABLE bulk_jobs (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  created_at {int} NOT NULL,
  -- Whether something is left to be done.
  open {int} NOT NULL,
  -- What it does, who asked, the state that new people begin in (JSON).
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX bulk_jobs_open ON bulk_jobs (open, created_at);

CREATE TABLE bulk_items (
  org_id {text} NOT NULL,
  job_id {text} NOT NULL,
  seq {int} NOT NULL,
  id {text} NOT NULL,
  -- The body, encrypted under the master key; gone once it is done.
  body {bytes},
  -- Username, e-mail and id, for the results (JSON).
  shown {text} NOT NULL,
  -- pending, finished or failed.
  status {text} NOT NULL,
  message {text} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (org_id, job_id, seq),
  FOREIGN KEY (org_id, job_id) REFERENCES bulk_jobs (org_id, id) ON DELETE CASCADE
) {strict};
