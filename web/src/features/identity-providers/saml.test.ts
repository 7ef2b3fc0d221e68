import { describe, expect, it } from "vitest";
import { certificatesIn, newSaml, pem, samlDraftOf, samlProblemsOf, samlWriteOf } from "./saml.ts";

describe("a provider that speaks SAML", () => {
  const filled = { ...newSaml, entityId: "urn:idp", ssoUrl: "https://idp.example/sso", certificates: "MIIB" };

  it("needs an entity ID, an address and a certificate", () => {
    expect(Object.keys(samlProblemsOf(newSaml))).toEqual(["entityId", "ssoUrl", "certificates"]);
    expect(samlProblemsOf(filled)).toEqual({});
  });

  it("reads certificates one after the other, and back", () => {
    const two = [pem("A".repeat(70)), pem("B".repeat(10))];
    expect(certificatesIn(two.join("\n\n"))).toEqual(two);
    const saml = { ...samlWriteOf(filled), certificates: ["A".repeat(70), "B".repeat(10)] };
    expect(samlDraftOf(saml).certificates).toBe(two.join("\n"));
  });
});
