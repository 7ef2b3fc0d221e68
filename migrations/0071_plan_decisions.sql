-- What an administrator decided about an object of a plan: it holds in every later run, until it is taken back.

-- Of people and groups at a target: 'takeOver' or 'leave'. remote_id: which account there, where somebody chose one.
CREATE TABLE provision_decisions (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  kind {text} NOT NULL,
  object_id {text} NOT NULL,
  decision {text} NOT NULL,
  remote_id {text},
  decided_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, kind, object_id),
  FOREIGN KEY (org_id, app_id) REFERENCES provision_targets (org_id, app_id) ON DELETE CASCADE
) {strict};

-- Of people and groups of a directory that we read, by its own names for them.
CREATE TABLE feed_decisions (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  kind {text} NOT NULL,
  external_id {text} NOT NULL,
  decision {text} NOT NULL,
  name {text} NOT NULL,
  decided_at {int} NOT NULL,
  PRIMARY KEY (org_id, provider_id, kind, external_id),
  FOREIGN KEY (org_id, provider_id) REFERENCES feed_sources (org_id, provider_id) ON DELETE CASCADE
) {strict};

-- Objects of a source of migrations that are left there. planned and plan: what the plan said of it before.
CREATE TABLE migration_decisions (
  org_id {text} NOT NULL,
  source {text} NOT NULL,
  kind {text} NOT NULL,
  remote_id {text} NOT NULL,
  decided_at {int} NOT NULL,
  planned {text},
  plan {text},
  PRIMARY KEY (org_id, source, kind, remote_id)
) {strict};
