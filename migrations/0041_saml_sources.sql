-- Where the metadata of a service provider is read again on schedule. What it said when it was taken over is kept: another
-- document is a change, and waits for an administrator.
CREATE TABLE saml_sources (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  url {text} NOT NULL,
  -- Which entity, where the document describes several.
  entity_id {text},
  -- JSON: what the settings were filled in from.
  taken {text} NOT NULL,
  read_at {int} NOT NULL,
  next_at {int} NOT NULL,
  failures {int} NOT NULL,
  failed_at {int},
  failure {text},
  -- JSON: what it says now and nobody has looked at.
  held {text},
  held_at {int},
  -- SHA-256 of what an administrator did not want.
  rejected {bytes},
  PRIMARY KEY (org_id, app_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX saml_sources_due ON saml_sources (next_at);
