-- Pictures in tables of their own: a row with one inside is read and written as a whole, and an organization's row is written
-- with each change.

CREATE TABLE organization_logos (
  org_id {text} NOT NULL PRIMARY KEY REFERENCES organizations (id),
  logo {bytes} NOT NULL,
  logo_type {text} NOT NULL
) {strict};
INSERT INTO organization_logos (org_id, logo, logo_type)
  SELECT id, logo, logo_type FROM organizations WHERE logo IS NOT NULL;
ALTER TABLE organizations DROP COLUMN logo;
ALTER TABLE organizations DROP COLUMN logo_type;

CREATE TABLE application_logos (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  logo {bytes} NOT NULL,
  logo_type {text} NOT NULL,
  PRIMARY KEY (org_id, app_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
INSERT INTO application_logos (org_id, app_id, logo, logo_type)
  SELECT org_id, id, logo, logo_type FROM applications WHERE logo IS NOT NULL;
ALTER TABLE applications DROP COLUMN logo;
ALTER TABLE applications DROP COLUMN logo_type;
