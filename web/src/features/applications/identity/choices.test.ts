import { expect, test } from "vitest";
import { choicesOf } from "./choices.ts";

test("of several accounts one is chosen, a group is taken over, and what is in step asks for nothing", () => {
  const labels = (...of: Parameters<typeof choicesOf>) => choicesOf(...of).map((one) => one.label);
  const candidates = [
    { remoteId: "r1", name: "ana" },
    { remoteId: "r2", name: "ana" },
  ];
  expect(labels({ kind: "user", action: "conflict", candidates })).toEqual([
    "Take ana (r1) over",
    "Take ana (r2) over",
    "Leave alone",
  ]);
  expect(labels({ kind: "user", action: "create", candidates: [] })).toEqual(["Leave alone"]);
  expect(labels({ kind: "group", action: "adopt", candidates })).toEqual(["Take the group there over", "Leave alone"]);
  expect(labels({ kind: "group", action: "adopt", candidates: [] })).toEqual([]);
  expect(labels({ kind: "user", action: "update", candidates: [] })).toEqual([]);
});
