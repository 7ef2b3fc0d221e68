-- What a directory knows a group by that nobody but its administrators gives: the address of a group of Google Workspace, in lower
-- case. Mappings mean it by that; its name is whatever the group's owner wrote.
ALTER TABLE fed_groups ADD COLUMN address {text};
