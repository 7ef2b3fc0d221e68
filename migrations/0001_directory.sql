-- The directory: providers, organizations, administrators, people, groups, applications, identity providers,
-- routing policies, sessions and the change log. Every table of an organization begins its key with org_id.
-- Times are microseconds UTC, flags 0/1, documents JSON texts. See docs/ARCHITECTURE.md.

CREATE TABLE meta (
  name {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
) {strict};

CREATE TABLE providers (
  id {text} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  created_at {int} NOT NULL
) {strict};

CREATE TABLE organizations (
  id {text} NOT NULL PRIMARY KEY,
  provider_id {text} REFERENCES providers (id),
  slug {text} NOT NULL,
  display_name {text} NOT NULL,
  settings {text} NOT NULL,
  logo {bytes},
  logo_type {text},
  created_at {int} NOT NULL,
  -- The last number given in this organization's change log; its row is the organization's write lock.
  log_seq {int} NOT NULL,
  CONSTRAINT organizations__slug UNIQUE (slug)
) {strict};

CREATE TABLE administrators (
  id {text} NOT NULL PRIMARY KEY,
  email {text} NOT NULL,
  email_norm {text} NOT NULL,
  firstname {text} NOT NULL,
  lastname {text} NOT NULL,
  provider_id {text} REFERENCES providers (id),
  password_hash {text},
  suspended {int} NOT NULL,
  created_at {int} NOT NULL,
  CONSTRAINT administrators__email_norm UNIQUE (email_norm)
) {strict};

CREATE TABLE administrator_organizations (
  org_id {text} NOT NULL REFERENCES organizations (id),
  admin_id {text} NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
  role {text} NOT NULL,
  PRIMARY KEY (org_id, admin_id)
) {strict};
CREATE INDEX administrator_organizations_by_admin ON administrator_organizations (admin_id);

CREATE TABLE administrator_tokens (
  digest {bytes} NOT NULL PRIMARY KEY,
  admin_id {text} NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
  purpose {text} NOT NULL,
  expires_at {int} NOT NULL
) {strict};

CREATE TABLE api_keys (
  admin_id {text} NOT NULL PRIMARY KEY REFERENCES administrators (id) ON DELETE CASCADE,
  digest {bytes} NOT NULL,
  prefix {text} NOT NULL,
  created_at {int} NOT NULL,
  CONSTRAINT api_keys__digest UNIQUE (digest)
) {strict};

CREATE TABLE users (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  username {text} NOT NULL,
  username_norm {text} NOT NULL,
  email {text} NOT NULL,
  email_norm {text} NOT NULL,
  employee_identifier {text},
  -- Out of the profile, to find whom someone manages.
  manager_id {text},
  state {text} NOT NULL,
  profile {text} NOT NULL,
  search {text} NOT NULL,
  password_hash {text},
  password_at {int},
  password_expired {int} NOT NULL,
  -- Tokens granted before this are refused: set when the person was signed out everywhere.
  tokens_from {int} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT users__org_id__username_norm UNIQUE (org_id, username_norm),
  CONSTRAINT users__org_id__email_norm UNIQUE (org_id, email_norm),
  CONSTRAINT users__org_id__employee_identifier UNIQUE (org_id, employee_identifier)
) {strict};
CREATE INDEX users_by_email ON users (email_norm);
CREATE INDEX users_by_manager ON users (org_id, manager_id);

CREATE TABLE user_attributes (
  org_id {text} NOT NULL,
  user_id {text} NOT NULL,
  name {text} NOT NULL,
  value_norm {text} NOT NULL,
  PRIMARY KEY (org_id, user_id, name),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX user_attributes_by_value ON user_attributes (org_id, name, value_norm);

CREATE TABLE user_passwords_past (
  org_id {text} NOT NULL,
  user_id {text} NOT NULL,
  at {int} NOT NULL,
  password_hash {text} NOT NULL,
  PRIMARY KEY (org_id, user_id, at),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};

-- Links by e-mail (activation, reset): the token's SHA-256 and what it is for.
CREATE TABLE user_tokens (
  digest {bytes} NOT NULL PRIMARY KEY,
  org_id {text} NOT NULL,
  user_id {text} NOT NULL,
  purpose {text} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX user_tokens_by_user ON user_tokens (org_id, user_id);

-- Failed sign-ins, counted per subject (a user's id, an administrator's id or a digest of what was typed) and network
-- prefix; prefix '*' counts a subject over all networks from which it never signed in.
CREATE TABLE login_failures (
  org_id {text} NOT NULL,
  subject {text} NOT NULL,
  prefix {text} NOT NULL,
  failures {int} NOT NULL,
  locked_until {int} NOT NULL,
  last_at {int} NOT NULL,
  PRIMARY KEY (org_id, subject, prefix)
) {strict};
CREATE INDEX login_failures_by_age ON login_failures (last_at);

CREATE TABLE login_prefixes (
  org_id {text} NOT NULL,
  subject {text} NOT NULL,
  prefix {text} NOT NULL,
  last_at {int} NOT NULL,
  PRIMARY KEY (org_id, subject, prefix)
) {strict};

CREATE TABLE user_groups (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  name_norm {text} NOT NULL,
  doc {text} NOT NULL,
  method {text} NOT NULL,
  member_query {text},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT user_groups__org_id__name_norm UNIQUE (org_id, name_norm)
) {strict};

CREATE TABLE group_exemptions (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  user_id {text} NOT NULL,
  mode {text} NOT NULL,
  PRIMARY KEY (org_id, group_id, user_id),
  FOREIGN KEY (org_id, group_id) REFERENCES user_groups (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};

-- Who is in a group now. `via` is 'direct' (put there by hand), 'rule' or 'exemption'; since_seq is the change that did it.
CREATE TABLE group_members (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  user_id {text} NOT NULL,
  via {text} NOT NULL,
  since_at {int} NOT NULL,
  since_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, user_id),
  FOREIGN KEY (org_id, group_id) REFERENCES user_groups (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX group_members_by_user ON group_members (org_id, user_id);

-- Memberships that ended: with group_members the whole history as intervals.
CREATE TABLE group_members_ended (
  org_id {text} NOT NULL,
  group_id {text} NOT NULL,
  user_id {text} NOT NULL,
  via {text} NOT NULL,
  since_at {int} NOT NULL,
  since_seq {int} NOT NULL,
  ended_at {int} NOT NULL,
  ended_seq {int} NOT NULL,
  PRIMARY KEY (org_id, group_id, user_id, since_seq)
) {strict};

CREATE TABLE applications (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  doc {text} NOT NULL,
  active {int} NOT NULL,
  logo {bytes},
  logo_type {text},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};

CREATE TABLE application_secrets (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  id {text} NOT NULL,
  digest {bytes} NOT NULL,
  hint {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, app_id, id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};

-- Who may use an application: subject_kind 'user_group' or 'user'.
CREATE TABLE application_bindings (
  org_id {text} NOT NULL,
  app_id {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {text} NOT NULL,
  PRIMARY KEY (org_id, app_id, subject_kind, subject_id),
  FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX application_bindings_by_subject ON application_bindings (org_id, subject_kind, subject_id);

CREATE TABLE identity_providers (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  name_norm {text} NOT NULL,
  doc {text} NOT NULL,
  enabled {int} NOT NULL,
  -- The client secret at the provider: encrypted under the master key.
  client_secret {bytes},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT identity_providers__org_id__name_norm UNIQUE (org_id, name_norm)
) {strict};

-- The person here who is this subject there; one subject per person and provider.
CREATE TABLE identity_links (
  org_id {text} NOT NULL,
  idp_id {text} NOT NULL,
  issuer {text} NOT NULL,
  subject {text} NOT NULL,
  user_id {text} NOT NULL,
  linked_name {text},
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, idp_id, issuer, subject),
  CONSTRAINT identity_links__org_id__idp_id__user_id UNIQUE (org_id, idp_id, user_id),
  FOREIGN KEY (org_id, idp_id) REFERENCES identity_providers (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
) {strict};

CREATE TABLE routing_policies (
  org_id {text} NOT NULL REFERENCES organizations (id),
  id {text} NOT NULL,
  name {text} NOT NULL,
  name_norm {text} NOT NULL,
  description {text} NOT NULL,
  enabled {int} NOT NULL,
  position {int} NOT NULL,
  idp_id {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT routing_policies__org_id__name_norm UNIQUE (org_id, name_norm),
  FOREIGN KEY (org_id, idp_id) REFERENCES identity_providers (org_id, id)
) {strict};

CREATE TABLE routing_targets (
  org_id {text} NOT NULL,
  policy_id {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {text} NOT NULL,
  PRIMARY KEY (org_id, policy_id, subject_kind, subject_id),
  FOREIGN KEY (org_id, policy_id) REFERENCES routing_policies (org_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX routing_targets_by_subject ON routing_targets (org_id, subject_kind, subject_id);

-- A browser: one cookie, whose SHA-256 is here and changes at every sign-in. Sessions and flows hang on the id.
CREATE TABLE browsers (
  id {text} NOT NULL PRIMARY KEY,
  digest {bytes} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  CONSTRAINT browsers__digest UNIQUE (digest)
) {strict};

-- Sessions of people ('user', in an organization) and of administrators ('admin', org_id '' because they are not of one).
CREATE TABLE sessions (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  browser_id {text} NOT NULL REFERENCES browsers (id) ON DELETE CASCADE,
  kind {text} NOT NULL,
  principal_id {text} NOT NULL,
  method {text} NOT NULL,
  idp_id {text},
  auth_at {int} NOT NULL,
  created_at {int} NOT NULL,
  last_seen_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  client_ip {text} NOT NULL,
  user_agent {text} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX sessions_by_browser ON sessions (browser_id);
CREATE INDEX sessions_by_principal ON sessions (org_id, kind, principal_id);

-- What waits for a sign-in: an application's request, or an address of ours to return to.
CREATE TABLE flows (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  browser_id {text} NOT NULL REFERENCES browsers (id) ON DELETE CASCADE,
  app_id {text},
  login_hint {text},
  payload {text} NOT NULL,
  return_to {text} NOT NULL,
  fresh {int} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX flows_by_age ON flows (expires_at);

CREATE TABLE signing_keys (
  org_id {text} NOT NULL REFERENCES organizations (id),
  kid {text} NOT NULL,
  alg {text} NOT NULL,
  sealed {bytes} NOT NULL,
  public_jwk {text} NOT NULL,
  created_at {int} NOT NULL,
  -- Published from created_at, signs from signs_from until the next one does, dropped from the JWKS at drop_at.
  signs_from {int} NOT NULL,
  drop_at {int},
  PRIMARY KEY (org_id, kid)
) {strict};

-- Sign-ins and other things that happened without changing the directory; not in order between nodes.
CREATE TABLE events (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  at {int} NOT NULL,
  type {text} NOT NULL,
  user_id {text},
  doc {text} NOT NULL,
  PRIMARY KEY (org_id, id)
) {strict};
CREATE INDEX events_by_user ON events (org_id, user_id, id);

-- Every change of the directory, numbered without gaps per organization in the order of commit. No secrets.
CREATE TABLE change_log (
  org_id {text} NOT NULL,
  seq {int} NOT NULL,
  at {int} NOT NULL,
  actor_kind {text} NOT NULL,
  actor_id {text},
  kind {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {text} NOT NULL,
  fields {text} NOT NULL,
  request_id {text},
  PRIMARY KEY (org_id, seq)
) {strict};

-- Mail to be sent: the whole message encrypted, since it holds a link that signs in.
CREATE TABLE mail (
  org_id {text} NOT NULL,
  id {text} NOT NULL,
  user_id {text} NOT NULL,
  sealed {bytes} NOT NULL,
  created_at {int} NOT NULL,
  next_at {int} NOT NULL,
  attempts {int} NOT NULL,
  sent_at {int},
  error {text},
  PRIMARY KEY (org_id, id)
) {strict};
