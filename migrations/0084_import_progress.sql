-- How far an import job is: accounts of the application that were read, how many the application says there are, and how many
-- of those that were read it has gone through since (nothing while it reads).
ALTER TABLE provision_imports ADD COLUMN read_count {int} NOT NULL DEFAULT 0;
ALTER TABLE provision_imports ADD COLUMN total_count {int};
ALTER TABLE provision_imports ADD COLUMN handled_count {int};
