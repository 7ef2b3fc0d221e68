-- Which of the receivers that a target had its links belong to: counted up when the Base URL becomes another one.
ALTER TABLE provision_targets ADD COLUMN receiver {int} NOT NULL DEFAULT 0;
