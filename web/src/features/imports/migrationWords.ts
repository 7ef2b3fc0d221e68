// What became of a migration's objects, in words. Pure.

import type { Migration, MigrationKind, MigrationOutcome } from "../../api/types.ts";
import type { StatusTone } from "../../ui/Status.tsx";
import { common, type OutcomeWord } from "./outcomeWords.ts";

interface Word extends OutcomeWord {
  /** What it means. */
  text: string;
}

export const outcomeWords: Record<MigrationOutcome, Word> = {
  refused: { ...common.refused, text: "Cannot be taken in as it is." },
  kept: { tone: "warn", planned: "Keep ours", done: "Kept ours", text: "Was changed here by hand and stays so." },
  not_brought: { tone: "warn", planned: "Cannot come", done: "Cannot come", text: "No migration can bring it." },
  left: { tone: "muted", planned: "Leave there", done: "Left there", text: "Was left alone, as you decided." },
  gone: { tone: "muted", planned: "Gone there", done: "Gone there", text: "Came before and is not there any more." },
  created: { ...common.created, text: "Is not here yet." },
  updated: { ...common.updated, text: "Is here, otherwise." },
  removed: { tone: "info", planned: "Take out", done: "Taken out", text: "Came before and was taken out there." },
  linked: { tone: "ok", planned: "Link", done: "Linked", text: "Was here already, as it is there." },
  unchanged: { ...common.unchanged, text: "Is here as it is there." },
};

/** In the order in which they are shown: what needs somebody first. */
export const outcomes = Object.keys(outcomeWords) as MigrationOutcome[];

export const kindWords: Record<MigrationKind, string> = {
  user: "Person",
  manager: "Manager",
  system: "Device",
  user_group: "User group",
  system_group: "Device group",
  member: "Member",
  members_left: "Members who left",
  rule: "Rule",
  application: "Application",
  binding: "Binding",
  bindings_left: "Bindings that ended",
  gone: "Gone there",
  notice: "Notice",
};

/** How many have each outcome. */
export function totals(migration: Pick<Migration, "counts">): Record<MigrationOutcome, number> {
  const out = Object.fromEntries(outcomes.map((one) => [one, 0])) as Record<MigrationOutcome, number>;
  for (const { outcome, count } of migration.counts) {
    if (outcome in out) out[outcome as MigrationOutcome] += count;
  }
  return out;
}

/** How many objects were looked at, and how many there are. */
export function progress(migration: Pick<Migration, "counts">): { done: number; all: number } {
  const all = migration.counts.reduce((sum, one) => sum + one.count, 0);
  const open = migration.counts.filter((one) => one.outcome === "").reduce((sum, one) => sum + one.count, 0);
  return { done: all - open, all };
}

/** "12 people, 3 user groups": what changes here. */
export function changing(migration: Pick<Migration, "counts">): number {
  const of = totals(migration);
  return of.created + of.updated + of.removed + of.linked;
}

export const stateWords: Record<Migration["state"], { tone: StatusTone; text: string }> = {
  reading: { tone: "waiting", text: "Reading" },
  planning: { tone: "waiting", text: "Planning" },
  planned: { tone: "info", text: "Planned" },
  applying: { tone: "waiting", text: "Migrating" },
  done: { tone: "ok", text: "Done" },
  failed: { tone: "bad", text: "Failed" },
  cancelled: { tone: "muted", text: "Cancelled" },
};
