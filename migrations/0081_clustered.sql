-- SQLite only: rows that lie in the order of their keys, where there was a table by row number and an index of the keys beside
-- it. Each is written with nearly every change.

CREATE TABLE change_log_clustered (
  org_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  fields TEXT NOT NULL,
  request_id TEXT,
  PRIMARY KEY (org_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO change_log_clustered (org_id, seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields, request_id)
  SELECT org_id, seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields, request_id FROM change_log
  ORDER BY org_id, seq;
DROP TABLE change_log;
ALTER TABLE change_log_clustered RENAME TO change_log;
CREATE INDEX change_log_by_subject ON change_log (org_id, subject_id, seq);

CREATE TABLE group_memberships_clustered (
  org_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  via TEXT NOT NULL,
  since_at INTEGER NOT NULL,
  since_seq INTEGER NOT NULL,
  PRIMARY KEY (org_id, group_id, member_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO group_memberships_clustered (org_id, group_id, member_id, via, since_at, since_seq)
  SELECT org_id, group_id, member_id, via, since_at, since_seq FROM group_memberships ORDER BY org_id, group_id, member_id;
DROP TABLE group_memberships;
ALTER TABLE group_memberships_clustered RENAME TO group_memberships;
CREATE INDEX group_memberships_by_member ON group_memberships (org_id, member_id, group_id);

CREATE TABLE fed_user_emails_clustered (
  org_id TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  email_norm TEXT NOT NULL,
  PRIMARY KEY (org_id, provider_id, user_id, email_norm),
  FOREIGN KEY (org_id, provider_id, user_id) REFERENCES fed_users (org_id, provider_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO fed_user_emails_clustered (org_id, provider_id, user_id, email_norm)
  SELECT org_id, provider_id, user_id, email_norm FROM fed_user_emails ORDER BY org_id, provider_id, user_id, email_norm;
DROP TABLE fed_user_emails;
ALTER TABLE fed_user_emails_clustered RENAME TO fed_user_emails;
CREATE INDEX fed_user_emails_by_address ON fed_user_emails (org_id, provider_id, email_norm, user_id);
