-- How sessions end everywhere: which applications got a token in a session, and what each of them still has to be told.
-- Beside it what a session knows of the sign-in at an identity provider, the last use of signing keys, the keys of
-- pairwise subjects, and our keys as a client of identity providers.

ALTER TABLE signing_keys ADD COLUMN last_used_at {int};

-- What the identity provider said of the sign-in, where it is believed: classes and methods (methods with spaces between).
ALTER TABLE sessions ADD COLUMN acr {text};
ALTER TABLE sessions ADD COLUMN amr {text};
-- The session there (`sid`), by which the provider ends it here.
ALTER TABLE sessions ADD COLUMN upstream_sid {text};
CREATE INDEX sessions_by_upstream ON sessions (org_id, idp_id, upstream_sid);

-- The applications that got a token in a session. A row goes when the application was put on the list of those to be told.
CREATE TABLE session_clients (
  org_id {text} NOT NULL,
  session_id {text} NOT NULL,
  app_id {text} NOT NULL,
  user_id {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, session_id, app_id)
) {strict};
CREATE INDEX session_clients_by_user ON session_clients (org_id, user_id);

-- Organizations whose change log holds what may end sessions, from the number on.
CREATE TABLE logout_marks (
  org_id {text} NOT NULL PRIMARY KEY,
  from_seq {int} NOT NULL
) {strict};

-- What applications have to be told: one row per session and application, kept for a while after it is done.
CREATE TABLE logout_notices (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  session_id {text} NOT NULL,
  app_id {text} NOT NULL,
  user_id {text} NOT NULL,
  created_at {int} NOT NULL,
  -- When it is due; while somebody delivers it, when it is due again should they die.
  next_at {int} NOT NULL,
  attempts {int} NOT NULL,
  done_at {int},
  delivered {int} NOT NULL,
  error {text},
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX logout_notices_by_due ON logout_notices (next_at) WHERE done_at IS NULL;
CREATE INDEX logout_notices_by_user ON logout_notices (org_id, user_id, id);
CREATE INDEX logout_notices_by_age ON logout_notices (created_at);

-- What pairwise subjects are made with, per organization: encrypted under the master key, never changed.
CREATE TABLE pairwise_keys (
  org_id {text} NOT NULL PRIMARY KEY REFERENCES organizations (id),
  sealed {bytes} NOT NULL,
  created_at {int} NOT NULL
) {strict};

-- Our keys as a client of identity providers: 'sig' signs client assertions, 'enc' is what ID tokens are encrypted to.
CREATE TABLE federation_keys (
  org_id {text} NOT NULL REFERENCES organizations (id),
  kid {text} NOT NULL,
  purpose {text} NOT NULL,
  alg {text} NOT NULL,
  sealed {bytes} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, kid),
  CONSTRAINT federation_keys__org_id__purpose__alg UNIQUE (org_id, purpose, alg)
) {strict};

-- Logout tokens of identity providers that were used, so that none counts twice.
CREATE TABLE federation_logout_tokens (
  org_id {text} NOT NULL,
  idp_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, idp_id, digest)
) {strict};
CREATE INDEX federation_logout_tokens_by_age ON federation_logout_tokens (expires_at);
