-- The last SAML exchanges of each application, for its Test tab: what came, what was answered without its signatures, and
-- the outcome of each check. Assertions are personal data, so the content is encrypted under the master key.
CREATE TABLE saml_messages (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  user_id {text},
  at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX saml_messages_of_application ON saml_messages (org_id, app_id, at);
CREATE INDEX saml_messages_of_person ON saml_messages (org_id, user_id);
CREATE INDEX saml_messages_by_age ON saml_messages (at);
