-- What the SAML identity provider keeps beside its keys.

-- The persistent name of a person for one application (SAML core section 8.3.7): random, given once, never to anybody else.
-- Application and person stand without a foreign key: ids are never given twice.
CREATE TABLE saml_names (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  user_id {text} NOT NULL,
  name {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, user_id)
) {strict};

-- Requests that were answered with an assertion, so that none is answered twice.
CREATE TABLE saml_requests (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  digest {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, digest)
) {strict};
CREATE INDEX saml_requests_by_age ON saml_requests (expires_at);
