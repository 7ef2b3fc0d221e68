-- What the SAML identity provider keeps: its signing keys with their certificates, and persistent names. The private key is encrypted under the
-- master key. A key signs from signs_from on, until a newer one of its kind does, and stands in the metadata until drop_at.
CREATE TABLE saml_keys (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  kind {text} NOT NULL,
  sealed {bytes} NOT NULL,
  certificate {bytes} NOT NULL,
  created_at {int} NOT NULL,
  signs_from {int} NOT NULL,
  drop_at {int},
  PRIMARY KEY (org_id, id)
) {strict};

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
