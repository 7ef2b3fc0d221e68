import { expect, test } from "vitest";
import { featuresProblem, featureWords, firstTab, templateOf } from "./wizardState.ts";

const none = { sso: false, exporting: false, importing: false, protocol: null };

test("an application has sign-in, accounts, or both", () => {
  expect(featuresProblem(none)).toBe("Choose at least one feature.");
  expect(featuresProblem({ ...none, sso: true })).toBe("Choose how people sign in.");
  expect(featuresProblem({ ...none, importing: true })).toBeUndefined();
  const accounts = { ...none, exporting: true };
  expect([templateOf(accounts), firstTab(accounts)]).toEqual(["scim", "identity"]);
  const both = { ...accounts, sso: true, protocol: "saml" as const };
  expect([templateOf(both), firstTab(both)]).toEqual(["saml", "sso"]);
  expect(featureWords(both)).toEqual([
    "Single Sign-On (SSO) with SAML",
    "Export users to this app (Identity Management)",
  ]);
});
