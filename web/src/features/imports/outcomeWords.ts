// What becomes of anything that is imported, in words: what every import knows. Pure.

import type { StatusTone } from "../../ui/Status.tsx";

export interface OutcomeWord {
  tone: StatusTone;
  /** Before the import, and after it. */
  planned: string;
  done: string;
}

export const common = {
  created: { tone: "ok", planned: "Create", done: "Created" },
  updated: { tone: "info", planned: "Update", done: "Updated" },
  unchanged: { tone: "muted", planned: "Unchanged", done: "Unchanged" },
  refused: { tone: "bad", planned: "Refused", done: "Refused" },
} satisfies Record<string, OutcomeWord>;
