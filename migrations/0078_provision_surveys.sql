-- What an application has of people and groups, written down while it is read: plans and the list of users to import compare
-- with it page by page, so that no more than a page is held in memory. Thrown away when the plan stands or the
-- import is done, or when its time is over.

CREATE TABLE provision_surveys (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  app_id {text} NOT NULL,
  kept_until {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_surveys_by_app ON provision_surveys (org_id, app_id, kept_until);
CREATE INDEX provision_surveys_by_end ON provision_surveys (kept_until);

CREATE TABLE provision_survey_rows (
  org_id {text} NOT NULL,
  survey_id {text} NOT NULL,
  kind {text} NOT NULL,
  remote_id {text} NOT NULL,
  -- What it is found by: the user name, or the group's name, case folded; and the external id as it is.
  name_key {text} NOT NULL,
  external_key {text} NOT NULL,
  -- What lists are sorted and searched by, case folded; empty in a plan.
  email {text} NOT NULL,
  firstname {text} NOT NULL,
  lastname {text} NOT NULL,
  search {text} NOT NULL,
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, survey_id, kind, remote_id),
  FOREIGN KEY (org_id, survey_id) REFERENCES provision_surveys (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX provision_survey_rows_by_name ON provision_survey_rows (org_id, survey_id, kind, name_key);
CREATE INDEX provision_survey_rows_by_external ON provision_survey_rows (org_id, survey_id, kind, external_key);

-- How an import went with each user, in their order.
CREATE TABLE provision_import_results (
  org_id {text} NOT NULL,
  import_id {text} NOT NULL,
  place {int} NOT NULL,
  status {text} NOT NULL,
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, import_id, place),
  FOREIGN KEY (org_id, import_id) REFERENCES provision_imports (org_id, id) ON DELETE CASCADE
) {strict};

-- Lists are read in the order of names, a page at a time.
CREATE INDEX provision_objects_by_name ON provision_objects (org_id, app_id, kind, name, object_id);
