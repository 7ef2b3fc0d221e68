-- What the OpenID provider keeps: grants and the refresh tokens of those that outlive their session. Codes and tokens are
-- SHA-256 digests. A grant names its application, person and session without a foreign key: they are looked at again
-- whenever it is used, ids are never given twice, and what was left behind falls to `prune`.

-- A grant begins with a code (code_digest), is redeemed once (redeemed_at), and may be revoked (revoked_at).
CREATE TABLE oidc_grants (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  user_id {text} NOT NULL,
  session_id {text} NOT NULL,
  code_digest {bytes} NOT NULL,
  code_expires_at {int} NOT NULL,
  redirect_uri {text} NOT NULL,
  code_challenge {text},
  nonce {text},
  scope {text} NOT NULL,
  method {text} NOT NULL,
  auth_at {int} NOT NULL,
  created_at {int} NOT NULL,
  redeemed_at {int},
  revoked_at {int},
  -- When the last token that could come of it has ended.
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT oidc_grants__org_id__code_digest UNIQUE (org_id, code_digest)
) {strict};
CREATE INDEX oidc_grants_by_age ON oidc_grants (expires_at);

-- The refresh tokens of a grant, one family: a used one that comes again revokes the grant.
CREATE TABLE oidc_refresh_tokens (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  grant_id {text} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int},
  PRIMARY KEY (org_id, digest),
  FOREIGN KEY (org_id, grant_id) REFERENCES oidc_grants (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX oidc_refresh_tokens_by_grant ON oidc_refresh_tokens (org_id, grant_id);
CREATE INDEX oidc_refresh_tokens_by_age ON oidc_refresh_tokens (expires_at);
