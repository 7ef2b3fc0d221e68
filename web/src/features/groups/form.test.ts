import { describe, expect, it } from "vitest";
import { draftOf, type Said, sameRule } from "./form.ts";
import { buildQuery, emptyRow } from "./rule.ts";

describe("the same rule", () => {
  const vocabulary = { attributes: [], operators: [{ name: "equals", label: "equals", value: "one" as const }] };
  const row = () => ({ ...emptyRow(), field: "department", operation: "equals", value: "Sales" });
  const saved = draftOf(undefined, [row()]);
  const text = 'department equals "Sales"';
  const said: Said = new Map([[text, JSON.stringify(buildQuery([row()], vocabulary.operators).query)]]);

  it("is the same in rows, as the text that they became, and in rows again", () => {
    expect(sameRule(saved, { ...saved, text }, vocabulary, said)).toBe(true);
    expect(sameRule(saved, { ...saved, rows: [row()] }, vocabulary, said)).toBe(true);
  });

  it("is another when the text or a row says something else", () => {
    expect(sameRule(saved, { ...saved, text: `${text} and state equals "STAGED"` }, vocabulary, said)).toBe(false);
    expect(sameRule(saved, { ...saved, rows: [{ ...row(), value: "Legal" }] }, vocabulary, said)).toBe(false);
  });
});
