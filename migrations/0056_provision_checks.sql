-- When a target is read next to see what drifted, and what was found last (JSON).
ALTER TABLE provision_targets ADD COLUMN check_at {int} NOT NULL DEFAULT 0;
ALTER TABLE provision_targets ADD COLUMN checked {text};
