// A table sent in parts: which rows go together, in which order, and what the answers say together. Pure.

import type {
  PeopleImport,
  PeopleImported,
  PeopleImportGroup,
  PeopleImportOutcome,
  PeopleImportRow,
} from "../../api/types.ts";
import type { KnownBy, Target } from "./columns.ts";
import type { Table } from "./table.ts";

export type Line = Record<string, string>;

/** What is imported, and how. */
export interface Job {
  table: Table;
  targets: Target[];
  knownBy: KnownBy;
  update: boolean;
}

/** The most rows of a request, and the most bytes: the server takes 1 MiB. */
export const ROWS_MAX = 1000;
const BYTES_MAX = 900_000;

/** The values of a row by API name. What stands beyond the columns, and cells that a short row lacks, are not sent. */
export function lineOf(job: Job, index: number): Line {
  const cells = job.table.rows[index]?.cells ?? [];
  const line: Line = {};
  job.targets.forEach((target, column) => {
    const cell = cells[column];
    if (target !== null && cell !== undefined) line[target.trim()] = cell;
  });
  return line;
}

const folded = (text: string | undefined): string => (text ?? "").trim().toLowerCase();

/** By what other rows may name the person of a line as their manager. */
function namesOf(line: Line): string[] {
  const email = folded(line.email);
  return [email, folded(line.username) || (email.split("@")[0] ?? "")].filter((name) => name !== "");
}

/** The rows in the order in which they are sent: managers before those whom they manage, else as in the file. */
export function sendingOrder(job: Job): number[] {
  const all = job.table.rows.map((_, index) => index);
  if (!job.targets.includes("manager") || all.length <= ROWS_MAX) return all;
  const lines = all.map((index) => lineOf(job, index));
  const byName = new Map<string, number>();
  lines.forEach((line, index) => {
    for (const name of namesOf(line)) if (!byName.has(name)) byName.set(name, index);
  });
  const order: number[] = [];
  const seen = new Set<number>();
  for (const start of all) {
    // Up the chain of managers as far as it is new, then down again. A circle ends where it began.
    const chain: number[] = [];
    for (
      let at: number | undefined = start;
      at !== undefined && !seen.has(at);
      at = byName.get(folded(lines[at]?.manager))
    ) {
      seen.add(at);
      chain.push(at);
    }
    order.push(...chain.reverse());
  }
  return order;
}

export interface Part {
  /** Rows of the table, by index. */
  indices: number[];
  lines: Line[];
}

/** The rows from `from` on that make one request. */
export function nextPart(job: Job, order: number[], from: number): Part {
  const part: Part = { indices: [], lines: [] };
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const index of order.slice(from, from + ROWS_MAX)) {
    const line = lineOf(job, index);
    bytes += encoder.encode(JSON.stringify(line)).length + 1;
    // One row is sent in any case: the server says what is wrong with it.
    if (bytes > BYTES_MAX && part.lines.length > 0) break;
    part.indices.push(index);
    part.lines.push(line);
  }
  return part;
}

export type Outcome = PeopleImportOutcome;
export const outcomes: Outcome[] = ["created", "updated", "unchanged", "passedOver", "refused"];

/** By what rows are looked at: one result, or those of which something was left out, whatever their result is. */
export type Filter = Outcome | "incomplete";

/** What became of a row, or would. */
export interface Taken extends Omit<PeopleImportRow, "row"> {
  /** The row of the table. */
  index: number;
  line: Line;
}

/** Whether a row is taken in but for something, which its `fields` tell. */
export const isIncomplete = (taken: Pick<Taken, "outcome" | "fields">): boolean =>
  taken.outcome !== "refused" && taken.fields.length > 0;

export const isOf = (taken: Taken, filter: Filter): boolean =>
  filter === "incomplete" ? isIncomplete(taken) : taken.outcome === filter;

export interface Tally {
  counts: Record<Outcome, number>;
  /** Rows that are taken in but for something. They are in `counts`, too. */
  incomplete: number;
  taken: Taken[];
  groups: PeopleImportGroup[];
  /** Of a trial: whom earlier parts would create. */
  planned: Set<string>;
}

export const nothing = (): Tally => ({
  counts: { created: 0, updated: 0, unchanged: 0, passedOver: 0, refused: 0 },
  incomplete: 0,
  taken: [],
  groups: [],
  planned: new Set(),
});

/** A manager whom an earlier part would create. */
const awaits = (line: Line, tally: Tally): boolean => tally.planned.has(folded(line.manager));

/**
 * The request of a part. A trial keeps nothing, so whom an earlier part would create is not there for the server: such a
 * manager is left out here and told in `added`.
 */
export function request(job: Job, part: Part, tally: Tally, dryRun: boolean): PeopleImport {
  const rows = part.lines.map((line) => {
    if (!dryRun || !awaits(line, tally)) return line;
    const { manager: _, ...rest } = line;
    return rest;
  });
  return { rows, mapping: {}, knownBy: job.knownBy, updateExisting: job.update, dryRun };
}

/** The tally with the answer to a part. */
export function added(tally: Tally, part: Part, answer: PeopleImported): Tally {
  const counts = { ...tally.counts };
  const planned = new Set(tally.planned);
  const fresh = answer.results.map((result): Taken => {
    const at = result.row - 1;
    const line = part.lines[at] ?? {};
    const taken: Taken = { ...result, index: part.indices[at] ?? 0, line };
    // They are to report to somebody who is not there yet: that is a change.
    if (answer.dryRun && awaits(line, tally) && (taken.outcome === "unchanged" || taken.outcome === "updated")) {
      taken.outcome = "updated";
      taken.changes = { ...taken.changes, manager: { from: null, to: line.manager } };
    }
    counts[taken.outcome] += 1;
    if (answer.dryRun && taken.outcome === "created") for (const name of namesOf(line)) planned.add(name);
    return taken;
  });
  const incomplete = tally.incomplete + fresh.filter(isIncomplete).length;
  const groups = moved(tally.groups, answer.groups);
  return { counts, incomplete, planned, taken: [...tally.taken, ...fresh], groups };
}

function moved(before: PeopleImportGroup[], more: PeopleImportGroup[]): PeopleImportGroup[] {
  const groups = new Map(before.map((group) => [group.id, group]));
  for (const group of more) {
    const known = groups.get(group.id);
    const sum = known && { joins: known.joins + group.joins, leaves: known.leaves + group.leaves };
    groups.set(group.id, { ...group, ...sum });
  }
  return [...groups.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** People whom several rows speak of, known by a column: how many rows too many, and the first of them. */
export function repeated(table: Table, column: number): { count: number; row: number } | undefined {
  if (column < 0) return undefined;
  const seen = new Set<string>();
  let found: { count: number; row: number } | undefined;
  for (const row of table.rows) {
    const name = folded(row.cells[column]);
    if (name !== "" && seen.has(name)) found = { count: (found?.count ?? 0) + 1, row: found?.row ?? row.number };
    seen.add(name);
  }
  return found;
}
