import { expect, test } from "vitest";
import { holderOf, importProgress } from "./importWords.ts";

test("an account that somebody has is told with their name, and is nobody else's", () => {
  const held = (id: string, linked: boolean) =>
    holderOf({ heldBy: { id, linked, username: "ben", displayname: "Ben Sola" }, systemUserId: null }, "ana");
  expect(held("ben", true)).toEqual({ words: "Ben Sola has it", taken: true });
  expect(held("ben", false)).toEqual({ words: "Chosen for Ben Sola", taken: true });
  expect(held("ana", false)).toEqual({ words: "Chosen", taken: true });
  expect(holderOf({ heldBy: null, systemUserId: null }, "ana")).toEqual({ words: "Nobody", taken: false });
  expect(holderOf({ systemUserId: "ana" }, "ana").words).toMatch(/^Same/);
  expect(holderOf({ systemUserId: "ben" }, "ana").taken).toBe(false);
});

test("an import reads first, then it goes through whom it read", () => {
  expect(importProgress({ read: 1200, total: 5000, handled: null })).toEqual({
    words: "Reading the application: 1,200 of 5,000",
    said: "Reading the application: 20 percent",
    percent: 24,
  });
  expect(importProgress({ read: 5000, total: 5000, handled: 1799 })).toEqual({
    words: "Importing: 1,799 of 5,000",
    said: "Importing: 30 percent",
    percent: 35,
  });
  expect(importProgress({ read: 0, total: 0, handled: 0 }).percent).toBe(100);
});
