-- Changes of a person's state that somebody asked for at a time to come, and what became of them.

CREATE TABLE scheduled_states (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  user_id {text} NOT NULL,
  -- ACTIVATED or SUSPENDED.
  state {text} NOT NULL,
  at {int} NOT NULL,
  -- pending, finished or failed.
  status {text} NOT NULL,
  -- Why it failed.
  message {text} NOT NULL,
  done_at {int},
  -- Who asked, and whether a mail goes out (JSON).
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX scheduled_states_due ON scheduled_states (status, at);
CREATE INDEX scheduled_states_of ON scheduled_states (org_id, status, at);
CREATE INDEX scheduled_states_user ON scheduled_states (org_id, user_id, status, at);
