import { expect, test } from "vitest";
import type { PeopleImported } from "../../api/types.ts";
import type { Outcome } from "./parts.ts";
import {
  added,
  isOf,
  type Job,
  lineOf,
  nextPart,
  nothing,
  ROWS_MAX,
  repeated,
  request,
  sendingOrder,
} from "./parts.ts";

function job(rows: string[][], targets: Job["targets"] = ["email", "manager"]): Job {
  const table = {
    name: "a.csv",
    columns: [],
    tooWide: undefined,
    legacy: false,
    rows: rows.map((cells, n) => ({ number: n + 2, cells })),
  };
  return { table, targets, knownBy: "email", update: true };
}

function answer(list: Outcome[], patch: Partial<PeopleImported> = {}): PeopleImported {
  const results = list.map((outcome, n) => ({ row: n + 1, outcome, id: null, email: null, changes: {}, fields: [] }));
  return {
    dryRun: true,
    created: 0,
    updated: 0,
    unchanged: 0,
    passedOver: 0,
    refused: 0,
    incomplete: 0,
    results,
    groups: [],
    ...patch,
  };
}

const many = (count: number, manager: (n: number) => string) =>
  job(Array.from({ length: count }, (_, n) => [`p${n}@x.example`, manager(n)]));

test("a line has what is mapped, and nothing of cells that are missing", () => {
  const one = job([["a@x.example", "note", "7"], ["b@x.example"]], ["email", null, "attributes.Badge "]);
  expect(lineOf(one, 0)).toEqual({ email: "a@x.example", "attributes.Badge": "7" });
  expect(lineOf(one, 1)).toEqual({ email: "b@x.example" });
});

test("a request has at most a thousand rows, and fewer where they are long", () => {
  const short = many(2500, () => "");
  const order = sendingOrder(short);
  expect(nextPart(short, order, 0).lines).toHaveLength(ROWS_MAX);
  expect(nextPart(short, order, 2000).indices).toEqual(order.slice(2000));
  const long = job([
    ["a", "x".repeat(800_000)],
    ["b", "y".repeat(800_000)],
  ]);
  expect(nextPart(long, [0, 1], 0).indices).toEqual([0]);
  expect(nextPart(job([["a", "x".repeat(2_000_000)]]), [0], 0).indices).toEqual([0]);
});

test("managers are sent before those whom they manage, by address or user name, and circles end", () => {
  const last = 1999;
  const chain = many(2000, (n) => (n < last ? `P${n + 1}` : ""));
  const order = sendingOrder(chain);
  expect(order[0]).toBe(last);
  expect(new Set(order).size).toBe(2000);
  const circle = sendingOrder(many(1500, (n) => `p${(n + 1) % 1500}@x.example`));
  expect(new Set(circle).size).toBe(1500);
  expect(sendingOrder(many(3, (n) => `p${n + 1}@x.example`))).toEqual([0, 1, 2]);
});

test("a trial leaves out managers whom an earlier part would create, and tells that they change", () => {
  const two = job([
    ["boss@x.example", ""],
    ["ana@x.example", "Boss"],
    ["ben@x.example", "other"],
  ]);
  const first = nextPart(two, [0], 0);
  const tally = added(nothing(), first, answer(["created"]));
  const second = nextPart(two, [1, 2], 0);
  expect(request(two, second, tally, true).rows).toEqual([
    { email: "ana@x.example" },
    { email: "ben@x.example", manager: "other" },
  ]);
  expect(request(two, second, tally, false).rows[0]).toEqual({ email: "ana@x.example", manager: "Boss" });
  const after = added(tally, second, answer(["unchanged", "refused"]));
  expect(after.counts).toEqual({ created: 1, updated: 1, unchanged: 0, passedOver: 0, refused: 1 });
  expect(after.taken.map((one) => one.index)).toEqual([0, 1, 2]);
  expect(after.taken[1]?.changes).toEqual({ manager: { from: null, to: "Boss" } });
});

test("rows of which something is left out keep their result and are counted once more", () => {
  const three = job([
    ["boss@x.example", "nobody"],
    ["no address", ""],
    ["ana@x.example", "boss"],
  ]);
  const first = nextPart(three, [0, 1], 0);
  const told = answer(["created", "refused"]);
  for (const row of told.results) row.fields = [{ field: "manager", message: "no person has this" }];
  const tally = added(nothing(), first, told);
  expect([tally.counts.created, tally.counts.refused, tally.incomplete]).toEqual([1, 1, 1]);
  expect(tally.taken.map((one) => [isOf(one, "created"), isOf(one, "refused"), isOf(one, "incomplete")])).toEqual([
    [true, false, true],
    [false, true, false],
  ]);
  // Whoever is created without a manager is there for those whom they manage.
  const second = nextPart(three, [2], 0);
  expect(request(three, second, tally, true).rows).toEqual([{ email: "ana@x.example" }]);
  expect(added(tally, second, answer(["created"])).incomplete).toBe(1);
});

test("groups of several parts are added up", () => {
  const one = job([["a"]]);
  const group = (id: string, joins: number) => ({ id, name: id, joins, leaves: 1 });
  const part = nextPart(one, [0], 0);
  const first = added(nothing(), part, answer(["created"], { groups: [group("b", 2)] }));
  const both = added(first, part, answer(["created"], { groups: [group("b", 3), group("a", 1)] }));
  expect(both.groups.map((one) => [one.name, one.joins, one.leaves])).toEqual([
    ["a", 1, 1],
    ["b", 5, 2],
  ]);
});

test("people of several rows are counted", () => {
  expect(repeated(job([["a@x.example"], ["A@x.example "], [""], [""], ["a@x.example"]]).table, 0)).toEqual({
    count: 2,
    row: 3,
  });
  expect(repeated(job([["a"], ["b"]]).table, 0)).toBeUndefined();
});
