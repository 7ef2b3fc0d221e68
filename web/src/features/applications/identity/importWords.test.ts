import { expect, test } from "vitest";
import { holderOf } from "./importWords.ts";

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
