import { expect, test } from "vitest";
import { lagWords } from "./lag.ts";

test("a lag is told in words, and not before there is one", () => {
  expect(lagWords({ count: 0, p50_ms: 0, p99_ms: 0 })).toBe("");
  expect(lagWords({ count: 9, p50_ms: 0, p99_ms: 0 })).toBe("Memberships are right the moment a change is saved.");
  expect(lagWords({ count: 9, p50_ms: 0, p99_ms: 1900 })).toContain("1.9 s");
  expect(lagWords({ count: 9, p50_ms: 40, p99_ms: 12_400 })).toContain(
    "within 40 ms for half of the changes, within 12 s",
  );
});
