// What became of users taken from an application, in words. Pure.

import type { ImportCount, ImportUser } from "../../../api/types.ts";
import type { StatusTone } from "../../../ui/Status.tsx";

const results: Record<string, { label: string; tone: StatusTone }> = {
  created: { label: "Created", tone: "ok" },
  updated: { label: "Updated", tone: "ok" },
  unchanged: { label: "Unchanged", tone: "muted" },
  skipped: { label: "Skipped", tone: "muted" },
  error: { label: "Failed", tone: "bad" },
};

export function resultWords(status: string): { label: string; tone: StatusTone } {
  return results[status.toLowerCase()] ?? { label: status, tone: "muted" };
}

export function importName(
  user: Pick<ImportUser, "firstname" | "lastname" | "displayname" | "username" | "email">,
): string {
  const name = `${user.firstname ?? ""} ${user.lastname ?? ""}`.trim();
  return name || user.displayname || user.username || user.email;
}

/** "2 created, 1 failed." */
export function importSummary(counts: ImportCount[]): string {
  if (counts.length === 0) return "Nobody was imported.";
  const told = counts.map(
    ({ status, count }) => `${count.toLocaleString()} ${resultWords(status).label.toLowerCase()}`,
  );
  return `${told.join(", ")}.`;
}
