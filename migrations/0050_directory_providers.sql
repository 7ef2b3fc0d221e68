-- Directories that feed us by SCIM, one address and its bearer tokens each. Tokens are SHA-256 digests.

CREATE TABLE directory_providers (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  name_norm {text} NOT NULL,
  type {text} NOT NULL,
  -- How it matches, how it ranks, whether it may feed, what its groups give.
  doc {text} NOT NULL,
  recognized_caller {text},
  last_request_at {int},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT directory_providers__id UNIQUE (id),
  CONSTRAINT directory_providers__org_id__name_norm UNIQUE (org_id, name_norm)
) {strict};

CREATE TABLE directory_provider_tokens (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  id {text} NOT NULL,
  digest {bytes} NOT NULL,
  created_at {int} NOT NULL,
  last_used_at {int},
  -- When another one took its place; without it it holds until it is dropped.
  expires_at {int},
  PRIMARY KEY (org_id, provider_id, id),
  CONSTRAINT directory_provider_tokens__digest UNIQUE (digest),
  FOREIGN KEY (org_id, provider_id) REFERENCES directory_providers (org_id, id) ON DELETE CASCADE
) {strict};

-- Whom a directory feeds. doc is what it sent, in canonical form; external_id is its own name for the person.
CREATE TABLE fed_users (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  user_id {text} NOT NULL,
  external_id {text},
  -- 1: the directory made the person; 0: the person was here before.
  made_here {int} NOT NULL,
  doc {text} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (org_id, provider_id, user_id),
  FOREIGN KEY (org_id, provider_id) REFERENCES directory_providers (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX fed_users_by_user ON fed_users (org_id, user_id);
CREATE INDEX fed_users_by_external ON fed_users (org_id, provider_id, external_id);
CREATE INDEX fed_users_by_change ON fed_users (org_id, provider_id, updated_at);

-- All addresses that a directory tells of a person, to find them by.
CREATE TABLE fed_user_emails (
  org_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  user_id {text} NOT NULL,
  email_norm {text} NOT NULL,
  PRIMARY KEY (org_id, provider_id, user_id, email_norm),
  FOREIGN KEY (org_id, provider_id, user_id) REFERENCES fed_users (org_id, provider_id, user_id) ON DELETE CASCADE
) {strict};
CREATE INDEX fed_user_emails_by_address ON fed_user_emails (org_id, provider_id, email_norm, user_id);

-- The groups that a directory keeps here.
CREATE TABLE fed_groups (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  provider_id {text} NOT NULL,
  external_id {text},
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (org_id, group_id),
  FOREIGN KEY (org_id, provider_id) REFERENCES directory_providers (org_id, id),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX fed_groups_by_provider ON fed_groups (org_id, provider_id, group_id);
CREATE INDEX fed_groups_by_external ON fed_groups (org_id, provider_id, external_id);
CREATE INDEX fed_groups_by_change ON fed_groups (org_id, provider_id, updated_at);
