-- Programs that use the administrators' API, and clients that register themselves. Secrets are SHA-256 digests.

CREATE TABLE service_accounts (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  role {text} NOT NULL,
  disabled {int} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT service_accounts__id UNIQUE (id),
  CONSTRAINT service_accounts__org_id__name UNIQUE (org_id, name)
) {strict};

CREATE TABLE service_account_secrets (
  org_id {text} NOT NULL,
  account_id {text} NOT NULL,
  id {text} NOT NULL,
  digest {bytes} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, account_id, id),
  FOREIGN KEY (org_id, account_id) REFERENCES service_accounts (org_id, id) ON DELETE CASCADE
) {strict};

-- What a service account was given for its secret. It ends with the secret.
CREATE TABLE service_account_tokens (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  account_id {text} NOT NULL,
  secret_id {text} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, digest),
  CONSTRAINT service_account_tokens__digest UNIQUE (digest),
  FOREIGN KEY (org_id, account_id, secret_id) REFERENCES service_account_secrets (org_id, account_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX service_account_tokens_by_secret ON service_account_tokens (org_id, account_id, secret_id);
CREATE INDEX service_account_tokens_by_age ON service_account_tokens (expires_at);

-- Initial access tokens (RFC 7591 section 3): with one a client may register itself, so many times.
CREATE TABLE registration_tokens (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  digest {bytes} NOT NULL,
  description {text} NOT NULL,
  uses_left {int} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT registration_tokens__org_id__digest UNIQUE (org_id, digest)
) {strict};

-- The applications that registered themselves, with the token by which each reads and changes its own registration
-- (RFC 7592).
CREATE TABLE client_registrations (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
