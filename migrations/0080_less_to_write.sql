-- What the organization's settings are as of: whoever knows them as of that change need not read them.
ALTER TABLE organizations ADD COLUMN settings_seq {int} NOT NULL DEFAULT 0;

-- Most people have no manager.
DROP INDEX users_by_manager;
CREATE INDEX users_by_manager ON users (org_id, manager_id) WHERE manager_id IS NOT NULL;
