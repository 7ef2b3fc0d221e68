-- People of a directory who had a password here when it was told to keep its passwords: they keep theirs.
ALTER TABLE fed_users ADD COLUMN keeps_password {int} NOT NULL DEFAULT 0;
