import { expect, test } from "vitest";
import {
  consequence,
  freeName,
  givenMappings,
  heldText,
  LIMIT,
  lifeOf,
  mappingProblem,
  providerKinds,
} from "./words.ts";

const row = (group: string, userGroup: string | null = null) => ({ group, userGroup, role: null, limit: LIMIT });
const role = (group: string, limit: number | string = LIMIT) => ({ ...row(group), role: "Read Only" as const, limit });

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
  expect(givenMappings([row(" Admins ", "a"), row("")])).toEqual([{ group: "Admins", userGroup: "a" }]);
});

test("a group gives a role once, to so many people at most", () => {
  expect(mappingProblem([role("Admins"), row("Admins", "a")])).toBeUndefined();
  expect(mappingProblem([role("Admins"), role("ADMINS")])?.index).toBe(1);
  for (const limit of ["", 0, 1001, 1.5]) expect(mappingProblem([role("Admins", limit)])?.message).toContain("1,000");
  expect(givenMappings([role("Admins", "5")])).toEqual([{ group: "Admins", role: "Read Only", limit: 5 }]);
  const mapping = { group: "Admins", role: "Read Only" as const, limit: 20, administrators: 3 };
  expect(heldText(mapping)).toBeUndefined();
  const held = heldText({ ...mapping, held: { since: "2026-01-01T00:00:00Z", members: 5000 } });
  expect(held).toContain("5,000 members, the mapping allows 20");
  expect(consequence("2 people would become administrators (a, b). Look at it, then send it")).toBe(
    "2 people would become administrators (a, b).",
  );
});

test("whether a directory has ever asked is said in words", () => {
  expect(lifeOf({ active: true, lastRequestAt: null }).label).toContain("first request");
  expect(lifeOf({ active: true, lastRequestAt: "2026-01-01T00:00:00Z" }).tone).toBe("ok");
  expect(lifeOf({ active: false, lastRequestAt: null }).label).toBe("Disabled");
});
