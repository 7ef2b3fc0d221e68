-- Inbound SAML: our key as a service provider, and answers that wait for the browser that they came with. See
-- crates/federation.

-- The answer as it was posted: a post of another site comes without our cookie, so the browser comes again for it.
ALTER TABLE federation_states ADD COLUMN response {text};

-- One per organization: signs requests, and opens what is encrypted to us. PKCS#8, encrypted under the master key.
CREATE TABLE federation_saml_keys (
  org_id {text} NOT NULL PRIMARY KEY REFERENCES organizations (id),
  sealed {bytes} NOT NULL,
  -- DER.
  certificate {bytes} NOT NULL,
  created_at {int} NOT NULL
) {strict};
