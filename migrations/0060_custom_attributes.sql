-- Custom attributes of people whose type an organization has declared; all others are text.
CREATE TABLE custom_attributes (
  org_id {text} NOT NULL REFERENCES organizations (id),
  name {text} NOT NULL,
  -- 'string', 'number', 'boolean' or 'date'
  type {text} NOT NULL,
  description {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, name)
) {strict};

-- Groups whose rules speak of an attribute whose declaration was removed: they hold their members until the rule is saved
-- anew or the attribute is declared again.
CREATE TABLE group_gone_attributes (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  name {text} NOT NULL,
  PRIMARY KEY (org_id, group_id, name),
  FOREIGN KEY (org_id, group_id) REFERENCES groups (org_id, id) ON DELETE CASCADE
) {strict};
