import { expect, test } from "vitest";
import type { Job, Taken } from "./parts.ts";
import { changes, concerns, leftOutCsv, problems, resultsCsv, summary } from "./words.ts";

const counts = { created: 0, updated: 0, unchanged: 0, passedOver: 0, refused: 0 };
const taken = (patch: Partial<Taken>): Taken => ({
  index: 0,
  line: {},
  outcome: "refused",
  id: null,
  email: null,
  changes: {},
  fields: [],
  ...patch,
});
const job: Job = {
  table: {
    name: "a.csv",
    columns: ["Mail", "Phone", "Reason"],
    rows: [
      { number: 2, cells: ["wrong", "+41", "old"] },
      { number: 3, cells: ["b@x.example"] },
    ],
    tooWide: undefined,
    legacy: false,
  },
  targets: ["email", "phoneNumbers.work", null],
  knownBy: "email",
  update: true,
};
const wrong = taken({ fields: [{ field: "email", message: "no address" }] });
const incomplete = taken({ outcome: "created", fields: [{ field: "manager", message: "no person has this" }] });
/** What a preview found: so many of each, and rows of which something is left out. */
const found = (patch: Partial<typeof counts>, left: Taken[] = []) => ({
  counts: { ...counts, ...patch },
  incomplete: left.length,
  taken: left,
});

test("changes are told by the names of the page, lists by their entries", () => {
  const lines = changes({
    line: { manager: "boss" },
    changes: {
      department: { from: null, to: "Sales" },
      manager: { from: null, to: "0123456789abcdef01234567" },
      attributes: {
        from: [{ name: "a", value: "1" }],
        to: [
          { name: "a", value: "1" },
          { name: "b", value: "2" },
        ],
      },
      phoneNumbers: { from: [{ type: "work", number: "1" }], to: [] },
    },
  });
  expect(lines).toEqual([
    "Department: nothing → Sales",
    "Manager: boss",
    "Attribute b: nothing → 2",
    "Work phone: 1 → nothing",
  ]);
  expect(problems(wrong)).toEqual(["Company Email: no address"]);
  expect(problems(incomplete)).toEqual(["Manager left out: no person has this"]);
});

test("an import of a fifth of the people is confirmed", () => {
  expect(concerns(found({ updated: 20 }), 100)).toEqual([]);
  expect(concerns(found({ updated: 21 }), 100)[0]).toContain("21 people of 100 in the organization (21 %)");
  expect(concerns(found({ updated: 5 }), undefined)).toEqual(["5 people will be changed."]);
});

test("an import with rows that are wrong, or of which something is left out, is confirmed", () => {
  const afterwards = "Afterwards you can download what was left out, with the reasons.";
  expect(concerns(found({ created: 50, refused: 1 }), 0)).toEqual(["1 row is wrong and is left out.", afterwards]);
  expect(concerns(found({ created: 50 }, [incomplete]), 0)).toEqual([
    "1 person is taken in without the manager that the file names.",
    afterwards,
  ]);
  expect(concerns(found({ refused: 2 }, [incomplete, incomplete]), 0).slice(0, 2)).toEqual([
    "2 rows are wrong and are left out.",
    "2 people are taken in without the manager that the file names.",
  ]);
});

test("what was left out comes in the file's own columns, with the reason once, and is no formula", () => {
  expect(leftOutCsv(job, [taken({ index: 1, outcome: "created" }), wrong])).toBe(
    'Mail,Phone,Reason\r\nwrong,"\'+41",Company Email: no address',
  );
  expect(leftOutCsv(job, [{ ...incomplete, index: 1 }]).split("\r\n")[1]).toBe(
    "b@x.example,,Manager left out: no person has this",
  );
  expect(resultsCsv(job, [wrong], true).split("\r\n")[1]).toBe("2,,Refused,,Company Email: no address");
});

test("a summary leaves out what there is none of", () => {
  expect(summary(found({ created: 1200, refused: 1 }))).toBe("1,200 created, 1 refused");
  expect(summary(found({ created: 2 }, [incomplete]))).toBe("2 created; 1 incomplete");
});
