// How an application stands in the list: its sign-on, the accounts that are sent to it, and the filters on both. Pure.

import { kindOf } from "../../api/applications.ts";
import type { Application } from "../../api/types.ts";
import type { StatusTone } from "../../ui/Status.tsx";
import { stateWords } from "./identity/words.ts";

export interface Standing {
  label: string;
  tone: StatusTone;
}

/** Single sign-on. */
export function signOnOf(one: Application): Standing {
  if (kindOf(one) === "scim") return { label: "Accounts only", tone: "muted" };
  return one.active ? { label: "Active", tone: "ok" } : { label: "Not activated", tone: "waiting" };
}

/** Identity Management: null where it is not set up. What fails is said before what runs. */
export function accountsOf({ identityManagement: of }: Application): Standing | null {
  if (!of) return null;
  const isSending = of.state === "running" || of.state === "held";
  if (isSending && of.failing > 0) return { label: `${of.failing.toLocaleString()} failing`, tone: "bad" };
  if (of.state === "held") return { label: `${of.held.toLocaleString()} held`, tone: "warn" };
  return { label: stateWords[of.state].label, tone: stateWords[of.state].tone };
}

export const signOnChoices = [
  { value: "active", label: "Active" },
  { value: "inactive", label: "Not activated" },
  { value: "none", label: "None" },
];

export const accountChoices = [
  { value: "trouble", label: "Needs attention" },
  { value: "running", label: "Active" },
  { value: "paused", label: "Paused" },
  { value: "off", label: "Not active" },
  { value: "none", label: "Not set up" },
];

export interface ListFilter {
  search?: string;
  signOn?: string;
  accounts?: string;
}

export function fits(one: Application, name: string, { search, signOn, accounts }: ListFilter): boolean {
  const sso = kindOf(one) === "scim" ? "none" : one.active ? "active" : "inactive";
  const of = one.identityManagement;
  const state = of?.state ?? "none";
  const isTrouble = ["held", "unreachable"].includes(state) || (state === "running" && (of?.failing ?? 0) > 0);
  const isSent = ["running", "held", "unreachable"].includes(state);
  if (accounts === "trouble" ? !isTrouble : accounts === "running" ? !isSent : accounts && accounts !== state) {
    return false;
  }
  if (signOn && signOn !== sso) return false;
  return name.toLowerCase().includes((search ?? "").toLowerCase());
}
