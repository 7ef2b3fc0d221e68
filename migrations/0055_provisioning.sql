-- Accounts out to applications: the settings of each application that is a target, what is known of every person and group
-- there, who was sent as a member, and the last calls of each.

CREATE TABLE provision_targets (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  -- What is entered (JSON).
  doc {text} NOT NULL,
  -- The bearer token, password, header value or client secret: encrypted under the master key.
  secret {bytes},
  active {int} NOT NULL,
  paused {int} NOT NULL,
  -- What was learnt of the receiver, and the circuit breaker (JSON).
  profile {text},
  breaker {text},
  -- Why nothing is sent until somebody has mended the connection.
  stopped {text},
  -- Nothing is sent before.
  next_at {int} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};

-- kind is 'user' or 'group'.
CREATE TABLE provision_objects (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  kind {text} NOT NULL,
  object_id {text} NOT NULL,
  name {text} NOT NULL,
  remote_id {text},
  -- What was sent last and arrived (JSON).
  last_sent {text},
  -- What was on its way when it was last made there: it may be there though nobody said so.
  pending {text},
  -- Not wanted any more, and that was carried out.
  away {int} NOT NULL,
  away_at {int},
  left_at {int},
  -- Has to be looked at; marks counts how often that was said, so that nothing said meanwhile is lost.
  dirty {int} NOT NULL,
  marks {int} NOT NULL,
  -- The commit of the change that is to be sent; none where nothing changed here.
  dirty_at {int},
  next_at {int} NOT NULL,
  -- When time alone changes what is to be done.
  due_at {int},
  held {int} NOT NULL,
  approved {int} NOT NULL,
  attempts {int} NOT NULL,
  error {text},
  synced_at {int},
  lag {int},
  PRIMARY KEY (org_id, app_id, kind, object_id),
  CONSTRAINT provision_objects__org_id__app_id__kind__remote_id UNIQUE (org_id, app_id, kind, remote_id),
  FOREIGN KEY (org_id, app_id) REFERENCES provision_targets (org_id, app_id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_objects_by_next ON provision_objects (org_id, app_id, next_at) WHERE dirty = 1;
CREATE INDEX provision_objects_by_due ON provision_objects (org_id, app_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX provision_objects_by_object ON provision_objects (org_id, object_id);

-- Who was sent as a member of a group, by the receiver's ids.
CREATE TABLE provision_members (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  group_id {text} NOT NULL,
  remote_id {text} NOT NULL,
  PRIMARY KEY (org_id, app_id, group_id, remote_id),
  FOREIGN KEY (org_id, app_id) REFERENCES provision_targets (org_id, app_id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_members_by_remote ON provision_members (org_id, app_id, remote_id);

-- The last calls about each object.
CREATE TABLE provision_calls (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  kind {text} NOT NULL,
  object_id {text} NOT NULL,
  at {int} NOT NULL,
  -- Method, path, request, status, answer, outcome, attempt (JSON).
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES provision_targets (org_id, app_id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_calls_by_object ON provision_calls (org_id, app_id, kind, object_id, id);

-- Imports from an application's users.
CREATE TABLE provision_imports (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  created_at {int} NOT NULL,
  -- State, counts and results per user (JSON).
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX provision_imports_by_age ON provision_imports (created_at);
