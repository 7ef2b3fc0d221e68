-- The token endpoint's side of the provider: keys to which grants are bound, opaque access tokens, what was shown once
-- and is never taken again, and codes that devices wait for. Secrets are SHA-256 digests.

-- The key with which the code has to be redeemed (RFC 9449 section 10), and the one to which the refresh tokens of a
-- public client are bound (section 5): thumbprints.
ALTER TABLE oidc_grants ADD COLUMN dpop_jkt {text};
ALTER TABLE oidc_grants ADD COLUMN refresh_jkt {text};
-- The token that replaced this one, by its digest, and sealed: given once more to a client whose answer was lost.
ALTER TABLE oidc_refresh_tokens ADD COLUMN next_digest {bytes};
ALTER TABLE oidc_refresh_tokens ADD COLUMN next_sealed {bytes};

-- Opaque access tokens. `claims` is what a signed one would say.
CREATE TABLE oidc_access_tokens (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  app_id {text} NOT NULL,
  claims {text} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  revoked_at {int},
  PRIMARY KEY (org_id, digest)
) {strict};
CREATE INDEX oidc_access_tokens_by_age ON oidc_access_tokens (expires_at);

-- The names (jti) of assertions and proofs that were taken, digested together with their kind and owner.
CREATE TABLE oidc_replays (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, digest)
) {strict};
CREATE INDEX oidc_replays_by_age ON oidc_replays (expires_at);

-- Device authorization (RFC 8628): waits for a person, who allows or denies it; gone once it was turned into a grant.
CREATE TABLE oidc_device_codes (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  user_code {text} NOT NULL,
  app_id {text} NOT NULL,
  scope {text} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  -- How long the device has to wait between two questions, in seconds, and when it asked last.
  interval_s {int} NOT NULL,
  asked_at {int},
  -- pending, allowed, denied
  state {text} NOT NULL,
  user_id {text},
  session_id {text},
  method {text},
  auth_at {int},
  PRIMARY KEY (org_id, digest),
  CONSTRAINT oidc_device_codes__org_id__user_code UNIQUE (org_id, user_code)
) {strict};
CREATE INDEX oidc_device_codes_by_age ON oidc_device_codes (expires_at);
