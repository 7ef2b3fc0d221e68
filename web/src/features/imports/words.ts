// What became of rows, in words: for the page, for the confirmation and for the files that are downloaded. Pure.

import Papa from "papaparse";
import { targetName } from "./columns.ts";
import { common, type OutcomeWord } from "./outcomeWords.ts";
import { type Filter, isIncomplete, type Job, type Outcome, outcomes, type Taken, type Tally } from "./parts.ts";

export const outcomeWords: Record<Outcome, OutcomeWord> = {
  ...common,
  passedOver: { tone: "muted", planned: "Passed over", done: "Passed over" },
};

export const filterWords: Record<Filter, OutcomeWord> = {
  ...outcomeWords,
  incomplete: { tone: "warn", planned: "Incomplete", done: "Incomplete" },
};

export const filterWord = (filter: Filter, planned: boolean): string =>
  planned ? filterWords[filter].planned : filterWords[filter].done;

export const people = (count: number): string => (count === 1 ? "1 person" : `${count.toLocaleString()} people`);
export const rows = (count: number): string => (count === 1 ? "1 row" : `${count.toLocaleString()} rows`);

/** "2 created, 1 refused; 1 incomplete": what there is none of is left out. */
export function summary({ counts, incomplete }: Pick<Tally, "counts" | "incomplete">): string {
  const parts = outcomes.filter((one) => counts[one] > 0);
  const told = parts.map((one) => `${counts[one].toLocaleString()} ${outcomeWords[one].done.toLowerCase()}`).join(", ");
  return incomplete > 0 ? `${told}; ${incomplete.toLocaleString()} incomplete` : told;
}

interface Named {
  type?: string;
  name?: string;
  number?: string;
  value?: unknown;
}

/** A phone number or custom attribute of a list, by its name. */
function entries(value: unknown): Map<string, string> {
  const list = (Array.isArray(value) ? value : []) as Named[];
  return new Map(list.map((one) => [one.name ?? one.type ?? "", String(one.value ?? one.number ?? "")]));
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  return typeof value === "object" ? "several values" : String(value);
}

/** An attribute's name as a line begins with it. */
function heading(name: string): string {
  const text = targetName(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What changes of a person, a line each: "Department: Sales → Support". */
export function changes(taken: Pick<Taken, "changes" | "line">): string[] {
  return Object.entries(taken.changes).flatMap(([name, change]): string[] => {
    const { from, to } = (change ?? {}) as { from?: unknown; to?: unknown };
    // The server names the manager by id; the row says who that is.
    if (name === "manager") return [`Manager: ${taken.line.manager || "removed"}`];
    if (name !== "attributes" && name !== "phoneNumbers") return [`${heading(name)}: ${shown(from)} → ${shown(to)}`];
    const [before, after] = [entries(from), entries(to)];
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => before.get(key) !== after.get(key))
      .map((key) => `${heading(`${name}.${key}`)}: ${shown(before.get(key))} → ${shown(after.get(key))}`);
  });
}

/** What is wrong with a row, or was left out of it, a line each. */
export function problems(taken: Pick<Taken, "outcome" | "fields">): string[] {
  const leftOut = isIncomplete(taken) ? " left out" : "";
  return taken.fields.map((field) => `${heading(field.field)}${leftOut}: ${field.message}`);
}

/** What rows are taken in without, as a part of a sentence: "manager". */
function without(taken: Taken[]): string {
  const names = taken.filter(isIncomplete).flatMap((one) => one.fields.map((field) => targetName(field.field)));
  return [...new Set(names.map((name) => name.toLowerCase()))].join(", ");
}

/** Above this share of the organization an import asks before it changes people. */
const LARGE_SHARE = 0.2;

/**
 * What an import should be confirmed for; nothing where it may go on. `total` are the people who are here now; where that
 * is not known, every change is.
 */
export function concerns(
  { counts, incomplete, taken }: Pick<Tally, "counts" | "incomplete" | "taken">,
  total: number | undefined,
): string[] {
  const found: string[] = [];
  if (counts.updated > 0 && total === undefined) {
    found.push(`${people(counts.updated)} will be changed.`);
  } else if (total !== undefined && counts.updated > total * LARGE_SHARE) {
    const share = Math.min(100, Math.round((counts.updated / Math.max(1, total)) * 100));
    const of = `of ${total.toLocaleString()} in the organization (${share} %)`;
    found.push(`${people(counts.updated)} ${of} will be changed.`);
  }
  if (counts.refused > 0) {
    const are = counts.refused === 1 ? "row is wrong and is" : "rows are wrong and are";
    found.push(`${counts.refused.toLocaleString()} ${are} left out.`);
  }
  if (incomplete > 0) {
    const are = incomplete === 1 ? "is" : "are";
    found.push(`${people(incomplete)} ${are} taken in without the ${without(taken)} that the file names.`);
  }
  if (counts.refused + incomplete > 0) found.push("Afterwards you can download what was left out, with the reasons.");
  return found;
}

/** The column that tells why a row was refused, or what was left out of it. */
export const REASON = "Reason";

/** As text that a spreadsheet takes for no formula; the import takes the apostrophe away again. */
function csv(table: string[][]): string {
  return Papa.unparse(table, { escapeFormulae: /^[=+\-@\t\r]/ });
}

/** What became of each row, or would. */
export function resultsCsv(job: Job, taken: Taken[], planned: boolean): string {
  const lines = taken.map((one) => [
    String(job.table.rows[one.index]?.number ?? ""),
    one.email ?? "",
    filterWord(one.outcome, planned),
    changes(one).join("; "),
    problems(one).join("; "),
  ]);
  return csv([["Row", "Company Email", "Result", "Changes", "What is wrong"], ...lines]);
}

/** The refused and the incomplete rows in the file's own columns and the reason, to be mended and imported again. */
export function leftOutCsv(job: Job, taken: Taken[]): string {
  const { columns, rows } = job.table;
  // A file that was mended once has such a column already.
  const own = columns.map((name, index) => ({ name, index })).filter((one) => one.name.trim() !== REASON);
  const lines = taken
    .filter((one) => one.outcome === "refused" || isIncomplete(one))
    .sort((a, b) => a.index - b.index)
    .map((one) => [...own.map(({ index }) => rows[one.index]?.cells[index] ?? ""), problems(one).join("; ")]);
  return csv([[...own.map((one) => one.name), REASON], ...lines]);
}
