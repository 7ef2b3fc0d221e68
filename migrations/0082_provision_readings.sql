-- Readings of whole applications, which take longer than a request: how far each is, and what came of it. Any node answers
-- for them; whoever reads gives a sign of life. Thrown away an hour after their end.

CREATE TABLE provision_readings (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  kind {text} NOT NULL,
  -- running, finished or failed; one whose reader died stays running, and is told as failed after alive_until.
  state {text} NOT NULL,
  begun_at {int} NOT NULL,
  read_count {int} NOT NULL,
  -- As the application says.
  total {int},
  alive_until {int} NOT NULL,
  kept_until {int} NOT NULL,
  -- What came of it, or why nothing did.
  doc {text},
  error {text},
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_readings_by_app ON provision_readings (org_id, app_id, begun_at);
CREATE INDEX provision_readings_by_end ON provision_readings (kept_until);
