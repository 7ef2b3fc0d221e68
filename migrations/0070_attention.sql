-- What stands in the way at targets, found without looking at all that is in step there.
CREATE INDEX provision_objects_by_trouble ON provision_objects (org_id, app_id) WHERE held = 1 OR error IS NOT NULL;
