-- Whether an import of an application's users is still to end: a node that dies leaves it so. Those of before are looked at
-- once.

ALTER TABLE provision_imports ADD COLUMN open {int} NOT NULL DEFAULT 1;
CREATE INDEX provision_imports_open ON provision_imports (open, created_at);
