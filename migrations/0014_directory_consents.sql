-- What people allowed applications of others: one row for a person and an application, as long as it holds. Taking it back
-- removes the row; a grant made before the row that is there now stands on nothing.
CREATE TABLE consents (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  user_id {text} NOT NULL,
  app_id {text} NOT NULL,
  allowed {text} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT consents__org_id__user_id__app_id UNIQUE (org_id, user_id, app_id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX consents_by_app ON consents (org_id, app_id);
