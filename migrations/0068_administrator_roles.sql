-- Administrators by pushed groups: people who are administrators since a directory's group says so. What is here follows
-- from the mappings, the groups and the people, and is worked out with each change of them.
CREATE TABLE derived_administrators (
  org_id {text} NOT NULL REFERENCES organizations (id),
  user_id {text} NOT NULL,
  admin_id {text} NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
  -- The directory and its group that gave it.
  provider_id {text} NOT NULL,
  group_id {text} NOT NULL,
  since_at {int} NOT NULL,
  PRIMARY KEY (org_id, user_id),
  CONSTRAINT derived_administrators__admin_id UNIQUE (admin_id)
) {strict};

-- Pushed groups that hold more people than their mapping allows: they give nobody new the role.
CREATE TABLE held_roles (
  org_id {text} NOT NULL REFERENCES organizations (id),
  provider_id {text} NOT NULL,
  group_id {text} NOT NULL,
  since_at {int} NOT NULL,
  PRIMARY KEY (org_id, provider_id, group_id)
) {strict};

-- The person's session under which an administrator's session was opened: without it, it does not hold.
ALTER TABLE sessions ADD COLUMN under_id {text};

-- Whether a mapping of it gives a role, so that nothing is read where none does.
ALTER TABLE directory_providers ADD COLUMN gives_roles {int} NOT NULL DEFAULT 0;
