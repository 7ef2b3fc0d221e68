-- Nobody was found by it: those who changed since a moment are read in the order of their ids, page by page. Each change of a person
-- wrote two of its pages.
DROP INDEX fed_users_by_change;
