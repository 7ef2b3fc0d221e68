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
