import { expect, test } from "vitest";
import { changing, progress, totals } from "./migrationWords.ts";

const counts = [
  { kind: "user" as const, outcome: "created", count: 3 },
  { kind: "user_group" as const, outcome: "created", count: 2 },
  { kind: "user" as const, outcome: "kept", count: 1 },
  { kind: "member" as const, outcome: "", count: 4 },
];

test("outcomes add up over the kinds, and what was not looked at is not counted as done", () => {
  expect(totals({ counts }).created).toBe(5);
  expect(progress({ counts })).toEqual({ done: 6, all: 10 });
  expect(changing({ counts })).toBe(5);
});
