// What became of users taken from an application, in words. Pure.

import type { ImportCount, ImportJob, ImportUser } from "../../../api/types.ts";
import type { StatusTone } from "../../../ui/Status.tsx";
import { percentOf, readingSaid, readingWords } from "./readingWords.ts";

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

/** How far an import is: as it is shown, as it is said aloud, and in parts of a hundred. */
export function importProgress({ read, total, handled }: ImportJob["progress"]): {
  words: string;
  said: string;
  percent: number | null;
} {
  if (handled === null || handled === undefined) {
    const far = { read, total };
    return { words: readingWords(far), said: readingSaid(far), percent: percentOf(far) };
  }
  const percent = percentOf({ read: handled, total: read }) ?? 100;
  const words = `Importing: ${handled.toLocaleString("en")} of ${read.toLocaleString("en")}`;
  return { words, said: `Importing: ${Math.floor(percent / 10) * 10} percent`, percent };
}

/** Whose an account is, seen by somebody who looks for theirs; nobody else may have it once it is linked. */
export function holderOf(
  user: Pick<ImportUser, "heldBy" | "systemUserId">,
  whom: string,
): { words: string; taken: boolean } {
  const { heldBy } = user;
  if (heldBy) {
    const name = heldBy.displayname || heldBy.username;
    if (heldBy.id === whom) return { words: heldBy.linked ? "Linked already" : "Chosen", taken: true };
    return heldBy.linked ? { words: `${name} has it`, taken: true } : { words: `Chosen for ${name}`, taken: true };
  }
  if (user.systemUserId === whom) return { words: "Same e-mail or user name", taken: false };
  return {
    words: user.systemUserId ? "Nobody yet; its e-mail or user name is another person's" : "Nobody",
    taken: false,
  };
}
