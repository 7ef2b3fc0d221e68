-- The keys with which SAML answers are signed, with their certificates: the organization's, and those that an application has
-- of its own. The private key is encrypted under the master key. A key signs from signs_from on, until a newer one of its
-- kind does, and stands in the metadata until drop_at.
CREATE TABLE saml_keys (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text},
  kind {text} NOT NULL,
  sealed {bytes} NOT NULL,
  certificate {bytes} NOT NULL,
  created_at {int} NOT NULL,
  signs_from {int} NOT NULL,
  drop_at {int},
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};

-- The service providers that were told of a person in a session, to be told of its end. The name is the one that was told.
CREATE TABLE saml_participants (
  org_id {text} NOT NULL,
  session_id {text} NOT NULL,
  app_id {text} NOT NULL,
  name {text} NOT NULL,
  name_format {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, session_id, app_id)
) {strict};
CREATE INDEX saml_participants_by_age ON saml_participants (created_at);
