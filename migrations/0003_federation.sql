-- Inbound federation: what waits for an identity provider's answer. See crates/federation.

CREATE TABLE federation_states (
  -- SHA-256 of the `state` parameter.
  digest {bytes} NOT NULL PRIMARY KEY,
  org_id {text} NOT NULL REFERENCES organizations (id),
  idp_id {text} NOT NULL,
  browser_id {text} NOT NULL,
  -- Who was sent there, where that is known: refusals are shown on their Activity tab.
  user_id {text},
  -- Nonce and PKCE verifier, encrypted under the master key.
  sealed {bytes} NOT NULL,
  redirect_uri {text} NOT NULL,
  flow_id {text},
  return_to {text},
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL
) {strict};
CREATE INDEX federation_states_by_browser ON federation_states (org_id, browser_id, idp_id, created_at);
CREATE INDEX federation_states_by_age ON federation_states (expires_at);
