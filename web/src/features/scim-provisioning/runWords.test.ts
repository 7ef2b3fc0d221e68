import { expect, test } from "vitest";
import { detailOf, progressOf, runTitle, summaryOf } from "./runWords.ts";

const none = {
  create: 0,
  adopt: 0,
  update: 0,
  reactivate: 0,
  deactivate: 0,
  remove: 0,
  held: 0,
  conflict: 0,
  left: 0,
  unchanged: 0,
  skipped: 0,
};

test("what a run did is told in a line", () => {
  expect(summaryOf({ kind: "plan", users: none, userGroups: none })).toBe("Everything is as the directory says.");
  const users = { ...none, create: 1200, conflict: 1 };
  expect(summaryOf({ kind: "import", users, userGroups: { ...none, update: 1 } })).toBe(
    "1,200 users created, 1 user in conflict, 1 group updated.",
  );
});

test("a run says how far it is", () => {
  const run = { state: "running", people: 5, groups: 0, total: 0, done: 0 } as const;
  expect(progressOf(run).words).toContain("5 people");
  expect(progressOf({ ...run, total: 4, done: 1 })).toEqual({ percent: 25, words: "1 of 4 done." });
});

test("what changes of an object is told", () => {
  const fields = [{ name: "title", from: null, to: "Lead" }];
  expect(detailOf({ fields, joins: 2, leaves: null })).toBe("title: nothing → Lead; 2 join");
  expect(runTitle({ kind: "import", scheduled: true, approves: null })).toBe("Scheduled import");
});
