import { expect, test } from "vitest";
import { freeName, givenMappings, lifeOf, mappingProblem, providerKinds } from "./words.ts";

const row = (group: string, userGroup: string | null = null) => ({ group, userGroup });

test("a further directory of the same kind gets a number", () => {
  expect(freeName("Okta", [])).toBe("Okta");
  expect(freeName("Okta", ["okta", "Okta 2"])).toBe("Okta 3");
  expect(providerKinds.every((kind) => kind.steps.length > 2)).toBe(true);
});

test("a role mapping needs a group and what it gives, once", () => {
  expect(mappingProblem([row("Admins", "a"), row("")])).toBeUndefined();
  expect(mappingProblem([row("Admins")])?.message).toContain("members");
  expect(mappingProblem([row("", "a")])?.message).toContain("name");
  expect(mappingProblem([row("Admins", "a"), row("admins ", "a")])?.index).toBe(1);
  expect(givenMappings([row(" Admins ", "a"), row("")])).toEqual([row("Admins", "a")]);
});

test("whether a directory has ever asked is said in words", () => {
  expect(lifeOf({ active: true, lastRequestAt: null }).label).toContain("first request");
  expect(lifeOf({ active: true, lastRequestAt: "2026-01-01T00:00:00Z" }).tone).toBe("ok");
  expect(lifeOf({ active: false, lastRequestAt: null }).label).toBe("Disabled");
});
