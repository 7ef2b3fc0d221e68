-- Groups of people and of devices in one table each for groups, members, exemptions: one engine decides about all of them.
-- Members are no longer held by foreign keys, since they are people or devices: who removes one removes what hangs on them.
CREATE TABLE groups (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  -- 'user' or 'device'
  kind {text} NOT NULL,
  name {text} NOT NULL,
  name_norm {text} NOT NULL,
  doc {text} NOT NULL,
  method {text} NOT NULL,
  member_query {text},
  -- Who is kept out though the rule or a nested group lets them in.
  exclude_query {text},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT groups__org_id__kind__name_norm UNIQUE (org_id, kind, name_norm)
) {strict};
INSERT INTO groups (org_id, id, kind, name, name_norm, doc, method, member_query, created_at)
  SELECT org_id, id, 'user', name, name_norm, doc, method, member_query, created_at FROM user_groups;

-- Whom the rule does not decide. until_at is when the exemption lifts by itself.
CREATE TABLE group_exempt (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  member_id {text} NOT NULL,
  mode {text} NOT NULL,
  reason {text} NOT NULL,
  set_by {text},
  set_at {int} NOT NULL,
  until_at {int},
  PRIMARY KEY (org_id, group_id, member_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_exempt_by_member ON group_exempt (org_id, member_id);
CREATE INDEX group_exempt_by_end ON group_exempt (until_at);
INSERT INTO group_exempt (org_id, group_id, member_id, mode, reason, set_at)
  SELECT e.org_id, e.group_id, e.user_id, e.mode, '', g.created_at FROM group_exemptions e
  JOIN user_groups g ON g.org_id = e.org_id AND g.id = e.group_id;

-- Who is in a group now. `via` is 'direct' (put there by hand), 'rule', 'exemption' or 'nested' (a member of a group that is
-- a member); since_seq is the change that did it.
CREATE TABLE group_memberships (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  member_id {text} NOT NULL,
  via {text} NOT NULL,
  since_at {int} NOT NULL,
  since_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, member_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_memberships_by_member ON group_memberships (org_id, member_id, group_id);
INSERT INTO group_memberships (org_id, group_id, member_id, via, since_at, since_seq)
  SELECT org_id, group_id, user_id, via, since_at, since_seq FROM group_members;

-- Memberships that ended: with group_memberships the whole history as intervals.
CREATE TABLE group_memberships_ended (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  member_id {text} NOT NULL,
  via {text} NOT NULL,
  since_at {int} NOT NULL,
  since_seq {int} NOT NULL,
  ended_at {int} NOT NULL,
  ended_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, member_id, since_seq)
) {strict};
CREATE INDEX group_memberships_ended_by_member ON group_memberships_ended (org_id, member_id);
INSERT INTO group_memberships_ended (org_id, group_id, member_id, via, since_at, since_seq, ended_at, ended_seq)
  SELECT org_id, group_id, user_id, via, since_at, since_seq, ended_at, ended_seq FROM group_members_ended;

DROP TABLE group_members_ended;
DROP TABLE group_members;
DROP TABLE group_exemptions;
DROP TABLE user_groups;

-- A group whose members are members of another.
CREATE TABLE group_nested (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  nested_id {text} NOT NULL,
  PRIMARY KEY (org_id, group_id, nested_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, nested_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_nested_by_nested ON group_nested (org_id, nested_id);

-- What a rule would change in a group whose administrators decide: op is 'add' or 'remove'. A rejected one stays until the
-- rule no longer says it, so that it does not come back at once.
CREATE TABLE group_suggestions (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  member_id {text} NOT NULL,
  op {text} NOT NULL,
  rejected {int} NOT NULL,
  since_at {int} NOT NULL,
  since_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, member_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_suggestions_by_member ON group_suggestions (org_id, member_id);

-- When time alone changes what a rule says of a member.
CREATE TABLE group_due (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  member_id {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, member_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_due_by_time ON group_due (at);
CREATE INDEX group_due_by_member ON group_due (org_id, member_id);

-- A group whose members are being worked out in several steps. cause_seq is the change that it follows from.
CREATE TABLE group_updates (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  after_id {text} NOT NULL,
  done {int} NOT NULL,
  total {int} NOT NULL,
  started_at {int} NOT NULL,
  cause_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};

-- The change after which the organization's rules were last otherwise: what made them ready is kept in memory until then.
ALTER TABLE organizations ADD COLUMN rules_seq {int} NOT NULL DEFAULT 0;
