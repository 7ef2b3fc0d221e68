// Runs of directories that we read, in words. Pure.

import type { FeedAction, FeedCounts, FeedResult, FeedRun } from "../../api/types.ts";
import type { Choice } from "../../ui/Decide.tsx";
import type { StatusTone } from "../../ui/Status.tsx";

export const actionWords: Record<FeedAction, { label: string; tone: StatusTone }> = {
  create: { label: "Created", tone: "ok" },
  adopt: { label: "Taken over", tone: "info" },
  update: { label: "Updated", tone: "info" },
  reactivate: { label: "Let in again", tone: "ok" },
  deactivate: { label: "Suspended", tone: "warn" },
  remove: { label: "Removed", tone: "warn" },
  held: { label: "Held", tone: "waiting" },
  conflict: { label: "Conflict", tone: "bad" },
  left: { label: "Left alone", tone: "muted" },
};

export const actions = Object.keys(actionWords) as FeedAction[];

export const runState: Record<FeedRun["state"], { label: string; tone: StatusTone }> = {
  waiting: { label: "Waiting", tone: "waiting" },
  running: { label: "Running", tone: "info" },
  done: { label: "Done", tone: "ok" },
  held: { label: "Done, some are held", tone: "warn" },
  failed: { label: "Failed", tone: "bad" },
};

export function runTitle(run: Pick<FeedRun, "kind" | "scheduled" | "approves">): string {
  if (run.kind === "plan") return "Plan";
  if (run.approves) return "Approved import";
  return run.scheduled ? "Scheduled import" : "Import";
}

function counted(of: FeedCounts, one: string, many: string): string[] {
  return actions
    .filter((action) => of[action] > 0)
    .map((action) => {
      const noun = of[action] === 1 ? one : many;
      return `${of[action].toLocaleString()} ${noun} ${actionWords[action].label.toLowerCase()}`;
    });
}

/** What a run did, in a line. */
export function summaryOf(run: Pick<FeedRun, "kind" | "users" | "userGroups">): string {
  const parts = [...counted(run.users, "user", "users"), ...counted(run.userGroups, "group", "groups")];
  if (parts.length === 0) return "Everything is as the directory says.";
  const text = parts
    .join(", ")
    .replaceAll("conflict,", "in conflict,")
    .replace(/conflict$/, "in conflict");
  return run.kind === "plan" ? `Would be: ${text}.` : `${text}.`;
}

/** How far a run is; no number while nobody knows how much there is. */
export function progressOf(run: Pick<FeedRun, "state" | "people" | "groups" | "total" | "done">) {
  if (run.state === "waiting") return { percent: 0, words: "It begins in a moment." };
  if (run.total === 0) {
    const read = `${run.people.toLocaleString()} people and ${run.groups.toLocaleString()} groups read`;
    return { percent: undefined, words: `Reading the directory: ${read}.` };
  }
  const percent = (run.done / run.total) * 100;
  return { percent, words: `${run.done.toLocaleString()} of ${run.total.toLocaleString()} done.` };
}

/** What changes of an object. */
export function detailOf(one: Pick<FeedResult, "fields" | "joins" | "leaves">): string {
  const parts = one.fields.map(({ name, from, to }) => `${name}: ${from ?? "nothing"} → ${to ?? "nothing"}`);
  if (one.joins) parts.push(`${one.joins} join`);
  if (one.leaves) parts.push(`${one.leaves} leave`);
  return parts.join("; ");
}

/** What can be decided about an object of a plan or an import. */
export function choicesOf(one: Pick<FeedResult, "action" | "inTheWay">): Choice[] {
  if (one.action !== "conflict") return [];
  const takeOver: Choice = { label: "Take the user here over", decision: "takeOver" };
  const leave: Choice = { label: "Leave alone", decision: "leave" };
  return one.inTheWay ? [takeOver, leave] : [leave];
}
