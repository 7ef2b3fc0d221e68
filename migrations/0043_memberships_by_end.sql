-- Who left a group since a change: so that their applications are told.
CREATE INDEX group_memberships_ended_by_seq ON group_memberships_ended (org_id, ended_seq);
