import { describe, expect, it } from "vitest";
import type { IdentityProvider } from "../../api/types.ts";
import { draftOf, isSet, newProvider, problemsOf, writeOf } from "./form.ts";

describe("an identity provider's form", () => {
  const filled = { ...newProvider, name: "Okta", url: "https://a.okta.example", clientId: "x" };

  it("needs a secret unless Muster proves itself with a key", () => {
    expect(problemsOf(filled, true)).toHaveProperty("clientSecret");
    expect(problemsOf({ ...filled, tokenEndpointAuth: "private_key_jwt" }, true)).toEqual({});
    expect(problemsOf(filled, false)).toEqual({});
  });

  it("reads and writes what else is agreed", () => {
    const options = {
      tokenEndpointAuth: "private_key_jwt" as const,
      trustAuthenticationContext: true,
      requireEncryptedIdToken: false,
    };
    const provider = { name: "Okta", type: "OKTA", oidc: { url: "u", clientId: "c" }, options } as IdentityProvider;
    expect(writeOf(draftOf(provider), true).options).toEqual(options);
  });

  it("opens its advanced part when something in it is set", () => {
    expect(isSet(newProvider)).toBe(false);
    expect(isSet({ ...newProvider, claim: "upn" })).toBe(true);
    expect(isSet({ ...newProvider, requireEncryptedIdToken: true })).toBe(true);
  });
});
