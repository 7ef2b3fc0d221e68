import { describe, expect, it } from "vitest";
import type { MemberQuery, RuleOperator } from "../../api/types.ts";
import { buildQuery, emptyRow, incomplete, parseQuery, problemsByRow, type Row } from "./rule.ts";

const operators: RuleOperator[] = [
  { name: "equals", label: "equals", value: "one" },
  { name: "in", label: "in", value: "list" },
  { name: "is_empty", label: "is empty", value: "none" },
];

function row(field: string, patch: Partial<Row> = {}): Row {
  return { ...emptyRow(), field, operation: "equals", value: "x", ...patch };
}

function roundTrip(query: MemberQuery): MemberQuery {
  return buildQuery(parseQuery(query) ?? [], operators).query;
}

describe("rule rows", () => {
  it("keeps conditions joined by and as a flat list", () => {
    const { query } = buildQuery([row("a"), row("b")], operators);
    expect(query.filters.map((one) => "field" in one && one.field)).toEqual(["a", "b"]);
  });

  it("lets and bind tighter than or", () => {
    const { query } = buildQuery([row("a"), row("b"), row("c", { join: "or" })], operators);
    expect(query).toEqual({
      filters: [
        {
          operation: "or",
          filters: [
            {
              operation: "and",
              filters: [
                { field: "a", operation: "equals", value: "x" },
                { field: "b", operation: "equals", value: "x" },
              ],
            },
            { field: "c", operation: "equals", value: "x" },
          ],
        },
      ],
    });
    expect(roundTrip(query)).toEqual(query);
  });

  it("ignores blank rows and sends values as the operator wants them", () => {
    const { query } = buildQuery(
      [row("a", { operation: "in", list: ["1", "2"] }), emptyRow(), row("b", { operation: "is_empty" })],
      operators,
    );
    expect(query.filters).toEqual([
      { field: "a", operation: "in", value: ["1", "2"] },
      { field: "b", operation: "is_empty" },
    ]);
  });

  it("spreads an or inside an and over the alternatives", () => {
    const rows = parseQuery({
      filters: [
        { field: "a", operation: "equals", value: "1" },
        {
          operation: "or",
          filters: [
            { field: "b", operation: "equals", value: "2" },
            { field: "c", operation: "equals", value: "3" },
          ],
        },
      ],
    });
    expect(rows?.map((one) => `${one.join} ${one.field}`)).toEqual(["and a", "and b", "or a", "and c"]);
  });

  it("gives up on a rule that would need too many lines", () => {
    const or = { operation: "or" as const, filters: Array.from({ length: 6 }, (_, n) => row(`f${n}`)) };
    expect(parseQuery({ filters: [or, or, or] })).toBeNull();
  });

  it("finds the row of a problem, however the path is written", () => {
    const first = row("a");
    const second = row("b", { join: "or" });
    const { places } = buildQuery([first, second], operators);
    const { rows, others } = problemsByRow(
      [
        { path: "memberQuery.filters[0].filters[1].value", message: "unknown" },
        { path: "/memberQuery/filters/0/filters/0/field", message: "odd" },
        { path: "memberQueryExemptions[0]", message: "nobody" },
      ],
      places,
    );
    expect(rows.get(second.key)).toEqual(["unknown"]);
    expect(rows.get(first.key)).toEqual(["odd"]);
    expect(others.map((one) => one.message)).toEqual(["nobody"]);
  });

  it("says what a row still needs", () => {
    const missing = row("a", { value: "" });
    const fine = row("b", { operation: "is_empty", value: "" });
    const found = incomplete([missing, fine, emptyRow()], operators);
    expect([...found]).toEqual([[missing.key, "Enter a value."]]);
  });
});
