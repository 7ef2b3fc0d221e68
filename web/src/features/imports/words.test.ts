import { expect, test } from "vitest";
import type { Job, Taken } from "./parts.ts";
import { changes, concerns, problems, refusedCsv, resultsCsv, summary } from "./words.ts";

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
});

test("an import of a fifth of the people, or with wrong rows, is confirmed", () => {
  expect(concerns({ counts: { ...counts, updated: 20 } }, 100)).toEqual([]);
  expect(concerns({ counts: { ...counts, updated: 21 } }, 100)[0]).toContain(
    "21 people of 100 in the organization (21 %)",
  );
  expect(concerns({ counts: { ...counts, created: 50, refused: 1 } }, 0)[0]).toContain("1 row is wrong");
  expect(concerns({ counts: { ...counts, updated: 5 } }, undefined)).toEqual(["5 people will be changed."]);
});

test("refused rows come in the file's own columns, with the reason once, and are no formulas", () => {
  expect(refusedCsv(job, [taken({ index: 1, outcome: "created" }), wrong])).toBe(
    'Mail,Phone,Reason\r\nwrong,"\'+41",Company Email: no address',
  );
  expect(resultsCsv(job, [wrong], true).split("\r\n")[1]).toBe("2,,Refused,,Company Email: no address");
});

test("a summary leaves out what there is none of", () => {
  expect(summary({ counts: { ...counts, created: 1200, refused: 1 } })).toBe("1,200 created, 1 refused");
});
