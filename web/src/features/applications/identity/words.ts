// Provisioning in words: states, actions, findings. Pure.

import type {
  PlanAction,
  ProvisionObjectState,
  ProvisionPlan,
  ProvisionStatus,
  ProvisionTestLine,
} from "../../../api/types.ts";
import { sentence } from "../../../ui/Note.tsx";
import type { StatusTone } from "../../../ui/Status.tsx";

interface Words {
  label: string;
  tone: StatusTone;
}

export const stateWords: Record<ProvisionStatus["state"], Words & { help: string }> = {
  off: { label: "Not active", tone: "muted", help: "No account is sent to the application." },
  running: { label: "Active", tone: "ok", help: "Every change here is sent to the application." },
  paused: { label: "Paused", tone: "warn", help: "Changes are gathered and sent when it is resumed." },
  held: {
    label: "Held by the delete guard",
    tone: "warn",
    help: "More accounts would be closed than the guard lets through, or something of the same name is there already. Look at what is held, then approve.",
  },
  unreachable: {
    label: "Unreachable",
    tone: "bad",
    help: "The application does not answer. Nothing is lost: changes wait and are sent when it does.",
  },
};

export const objectWords: Record<ProvisionObjectState, Words> = {
  "in step": { label: "In step", tone: "ok" },
  waiting: { label: "Waiting", tone: "waiting" },
  failing: { label: "Failing", tone: "bad" },
  held: { label: "Held", tone: "warn" },
  gone: { label: "Gone", tone: "muted" },
};

export const objectStates = Object.keys(objectWords) as ProvisionObjectState[];

export const actionWords: Record<PlanAction, Words & { does: [one: string, many: string] }> = {
  create: { label: "Create", tone: "ok", does: ["is created", "are created"] },
  update: { label: "Update", tone: "info", does: ["is updated", "are updated"] },
  adopt: {
    label: "Adopt",
    tone: "info",
    does: ["is there already and is adopted", "are there already and are adopted"],
  },
  reactivate: { label: "Reactivate", tone: "ok", does: ["is reactivated", "are reactivated"] },
  deactivate: { label: "Deactivate", tone: "warn", does: ["is deactivated", "are deactivated"] },
  delete: { label: "Delete", tone: "bad", does: ["is deleted", "are deleted"] },
  conflict: { label: "Conflict", tone: "bad", does: ["needs a decision of yours", "need a decision of yours"] },
  none: { label: "Nothing", tone: "muted", does: ["is in step", "are in step"] },
};

/** What stops somebody from working stands first. */
export const actionOrder: PlanAction[] = [
  "conflict",
  "delete",
  "deactivate",
  "create",
  "reactivate",
  "adopt",
  "update",
  "none",
];

export function actionOf(action: string): Words {
  return actionWords[action as PlanAction] ?? { label: action, tone: "muted" };
}

/** How many objects a plan would touch. */
export function touched(plan: ProvisionPlan): number {
  return actionOrder.filter((one) => one !== "none").reduce((sum, one) => sum + (plan.counts[one] ?? 0), 0);
}

/** "3 objects are created", the gravest first; in step only where nothing else is to be said. */
export function planLines(plan: ProvisionPlan): { action: PlanAction; text: string }[] {
  const lines = actionOrder
    .filter((action) => (plan.counts[action] ?? 0) > 0)
    .map((action) => {
      const count = plan.counts[action] ?? 0;
      const [one, many] = actionWords[action].does;
      return { action, text: count === 1 ? `1 ${one}` : `${count.toLocaleString()} ${many}` };
    });
  return lines;
}

export const testWords: Record<ProvisionTestLine["outcome"], Words> = {
  passed: { label: "Passed", tone: "ok" },
  warning: { label: "Mind this", tone: "warn" },
  failed: { label: "Failed", tone: "bad" },
  skipped: { label: "Skipped", tone: "muted" },
};

/** A value of a field, which comes as a JSON text, as it is shown: text as it is, nothing as a dash. */
export function shown(value: string | null | undefined): string {
  if (value === undefined || value === null) return "—";
  try {
    const read: unknown = JSON.parse(value);
    if (read === null || read === "") return "—";
    return typeof read === "string" ? read : JSON.stringify(read);
  } catch {
    return value === "" ? "—" : value;
  }
}

/** What a comparison found: how many differ, and how many there belong to nobody here. */
export function driftWords(differ: number, unlinked: number): string {
  const parts: string[] = [];
  if (differ > 0) {
    const what = differ === 1 ? "1 account or group differs" : `${differ.toLocaleString()} accounts and groups differ`;
    parts.push(`${what} from what they should be.`);
  } else parts.push("Everything that is kept there is as it should be.");
  if (unlinked > 0) {
    const what = unlinked === 1 ? "1 more is there that" : `${unlinked.toLocaleString()} more are there that`;
    parts.push(`${what} nobody here is linked to: left alone.`);
  }
  return parts.join(" ");
}

/** Milliseconds as people say them. */
export function lagText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** Begins and ends like a sentence, so that another one can follow. */
export function whole(text: string): string {
  const said = sentence(text.trim());
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** JSON laid out to be read; anything else as it came. */
export function pretty(text: unknown): string {
  if (typeof text !== "string") return JSON.stringify(text, null, 2);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
