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
