-- What the authorization side of the OpenID provider keeps beside grants: what a request asked of the tokens, requests that
-- were pushed, and the names of signed requests that were seen.

-- What the request asked of the tokens (claims, resources), as JSON; none: nothing beyond the scope.
ALTER TABLE oidc_grants ADD COLUMN terms {text};

-- Pushed requests (RFC 9126): the digest of the reference in the request_uri. Taken at its first use.
CREATE TABLE oidc_pushed_requests (
  org_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  app_id {text} NOT NULL,
  request {text} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, digest)
) {strict};
CREATE INDEX oidc_pushed_requests_by_age ON oidc_pushed_requests (expires_at);

-- Names (jti) of signed requests (RFC 9101) that were seen, as long as they could come again.
CREATE TABLE oidc_request_objects (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, digest)
) {strict};
CREATE INDEX oidc_request_objects_by_age ON oidc_request_objects (expires_at);
