-- What is known of whether a service provider has our certificate, and what administrators were told of its end.

-- When the metadata of an application was last read by something that is no browser.
CREATE TABLE saml_metadata_reads (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};

-- When a service provider last accepted a message that was signed with a key.
CREATE TABLE saml_key_proofs (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  key_id {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, key_id),
  FOREIGN KEY (org_id, key_id) REFERENCES saml_keys (org_id, id) ON DELETE CASCADE
) {strict};

-- Which warnings were mailed.
CREATE TABLE saml_key_warnings (
  org_id {text} NOT NULL,
  key_id {text} NOT NULL,
  days {int} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (org_id, key_id, days),
  FOREIGN KEY (org_id, key_id) REFERENCES saml_keys (org_id, id) ON DELETE CASCADE
) {strict};
