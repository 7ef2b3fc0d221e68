-- PostgreSQL only: it finds those who changed since a moment by this, where SQLite reads them in the order of their ids (0083).
CREATE INDEX fed_users_by_change ON fed_users (org_id, provider_id, updated_at);
