-- Devices as records, and the people who have an account on them. The document (`doc`) is JumpCloud's v1 `system`; the
-- columns beside it are what is searched, sorted or joined on, taken from the document when it is written.

CREATE TABLE devices (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  -- The name to show in lower case, to sort by.
  name_norm {text} NOT NULL,
  os_family {text} NOT NULL,
  serial_number {text},
  -- The primary user. Not a foreign key: the directory takes it away and says so in the change log.
  owner_id {text},
  last_contact {int},
  doc {text} NOT NULL,
  search {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX devices_by_name ON devices (org_id, name_norm, id);
CREATE INDEX devices_by_owner ON devices (org_id, owner_id);
CREATE INDEX devices_by_serial ON devices (org_id, serial_number);

-- `attributes` is the edge's: {"sudo": {"enabled": true, "withoutPassword": false}}.
CREATE TABLE device_users (
  org_id {text} NOT NULL,
  device_id {text} NOT NULL,
  user_id {text} NOT NULL,
  attributes {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, device_id, user_id),
  FOREIGN KEY (org_id, device_id) REFERENCES devices (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX device_users_by_user ON device_users (org_id, user_id);

-- What happened with one object, the newest first.
CREATE INDEX change_log_by_subject ON change_log (org_id, subject_id, seq);
