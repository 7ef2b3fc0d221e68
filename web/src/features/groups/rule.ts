import type { Condition, Filter, Junction, MemberQuery, Problem, RuleOperator } from "../../api/types.ts";

/** One line of the editor. `join` says how it hangs on the line above; "and" binds tighter than "or". */
export interface Row {
  key: number;
  join: "and" | "or";
  field: string;
  operation: string;
  value: string;
  list: string[];
}

let lastKey = 0;

export function emptyRow(join: Row["join"] = "and"): Row {
  lastKey += 1;
  return { key: lastKey, join, field: "", operation: "", value: "", list: [] };
}

export function isBlank(row: Row): boolean {
  return row.field === "" && row.operation === "" && row.value === "" && row.list.length === 0;
}

function isJunction(filter: Filter): filter is Junction {
  return "filters" in filter;
}

function conditionOf(row: Row, operators: RuleOperator[]): Condition {
  const wants = operators.find((one) => one.name === row.operation)?.value ?? "one";
  const condition: Condition = { field: row.field, operation: row.operation };
  if (wants === "one") condition.value = row.value;
  if (wants === "list") condition.value = row.list;
  return condition;
}

export interface Built {
  query: MemberQuery;
  /** Where each row (by key) stands in the query, as "filters 0 filters 1". */
  places: Map<number, string>;
}

/** Rows to the wire form: lines joined by "and" stay together, an "or" starts a further alternative. */
export function buildQuery(rows: Row[], operators: RuleOperator[]): Built {
  const alternatives: Row[][] = [];
  for (const row of rows.filter((one) => !isBlank(one))) {
    const current = alternatives.at(-1);
    if (!current || row.join === "or") alternatives.push([row]);
    else current.push(row);
  }
  const places = new Map<number, string>();
  const [only] = alternatives;
  if (alternatives.length <= 1) {
    const filters = (only ?? []).map((row, index) => {
      places.set(row.key, `filters ${index}`);
      return conditionOf(row, operators);
    });
    return { query: { filters }, places };
  }
  const filters = alternatives.map((part, at): Filter => {
    const [single] = part;
    if (part.length === 1 && single) {
      places.set(single.key, `filters 0 filters ${at}`);
      return conditionOf(single, operators);
    }
    return {
      operation: "and",
      filters: part.map((row, index) => {
        places.set(row.key, `filters 0 filters ${at} filters ${index}`);
        return conditionOf(row, operators);
      }),
    };
  });
  return { query: { filters: [{ operation: "or", filters }] }, places };
}

const MOST_ROWS = 60;

/** Whether a query says "none of", which lines cannot. */
function saysNone(filter: Filter): boolean {
  return isJunction(filter) && (filter.operation === "none" || filter.filters.some(saysNone));
}

/** A query as alternatives of conditions that all hold: the form that rows can show. */
function alternativesOf(filter: Filter): Condition[][] {
  if (!isJunction(filter)) return [[filter]];
  const parts = filter.filters.map(alternativesOf);
  if (filter.operation === "or") return parts.flat();
  let product: Condition[][] = [[]];
  for (const part of parts) {
    product = product.flatMap((left) => part.map((right) => [...left, ...right]));
    if (product.length > MOST_ROWS) break;
  }
  return product;
}

/** The wire form to rows, or null for a rule too entangled to be shown as lines. */
export function parseQuery(query: MemberQuery | null | undefined): Row[] | null {
  if (!query || query.filters.length === 0) return [];
  if (query.filters.some(saysNone)) return null;
  const alternatives = alternativesOf({ operation: "and", filters: query.filters });
  if (alternatives.flat().length > MOST_ROWS) return null;
  return alternatives.flatMap((part, at) =>
    part.map((condition, index): Row => {
      const { value } = condition;
      return {
        ...emptyRow(index === 0 && at > 0 ? "or" : "and"),
        field: condition.field,
        operation: condition.operation,
        value: typeof value === "string" ? value : "",
        list: Array.isArray(value) ? value : [],
      };
    }),
  );
}

function words(path: string): string {
  return path
    .split(/[^A-Za-z0-9_]+/)
    .filter((part) => part !== "" && part !== "memberQuery")
    .join(" ");
}

/** The problems that belong to a row; those that belong to none are left for the whole rule. */
export function problemsByRow(problems: Problem[], places: Map<number, string>) {
  const rows = new Map<number, string[]>();
  const others: Problem[] = [];
  for (const problem of problems) {
    const at = words(problem.path);
    const row = [...places].find(([, place]) => at === place || at.startsWith(`${place} `));
    if (row) rows.set(row[0], [...(rows.get(row[0]) ?? []), problem.message]);
    else others.push(problem);
  }
  return { rows, others };
}

/** What is missing before the server can be asked. */
export function incomplete(rows: Row[], operators: RuleOperator[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const row of rows.filter((one) => !isBlank(one))) {
    const wants = operators.find((one) => one.name === row.operation)?.value ?? "one";
    if (row.field === "") found.set(row.key, "Choose an attribute.");
    else if (row.operation === "") found.set(row.key, "Choose an operator.");
    else if (wants === "one" && row.value === "") found.set(row.key, "Enter a value.");
    else if (wants === "list" && row.list.length === 0) found.set(row.key, "Enter at least one value.");
  }
  return found;
}
