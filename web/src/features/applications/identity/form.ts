// How accounts are sent to an application, as a form: what the API holds, read into fields and back. Pure.

import type {
  Provision,
  ProvisionAuthType,
  ProvisionAuthWrite,
  ProvisionRule,
  ProvisionWrite,
} from "../../../api/types.ts";
import { defaultRules, type RuleRow, rowOf, ruleOf, rulesProblems } from "./rules.ts";

export const versions = [
  { value: "2.0", label: "SCIM 2.0" },
  { value: "1.1", label: "SCIM 1.1" },
] as const;

export const authTypes: { value: ProvisionAuthType; label: string; secret: string }[] = [
  { value: "bearer", label: "Token Key (bearer)", secret: "Token Key" },
  { value: "basic", label: "Username and password (basic)", secret: "Password" },
  { value: "header", label: "Header of its own", secret: "Header Value" },
  { value: "oauth", label: "OAuth client credentials", secret: "Client Secret" },
];

export const profiles = [
  { value: "auto", label: "As the application does it best (learnt from its answers)" },
  { value: "patch", label: "By PATCH: only what changed" },
  { value: "put", label: "By PUT: the whole account" },
] as const;

/** What the application's makers call the secret of this kind. */
export const secretLabel = (type: ProvisionAuthType) =>
  authTypes.find((one) => one.value === type)?.secret ?? "Token Key";

/** Of which application the accounts are. */
export const connectionFields: (keyof ProvisionDraft)[] = [
  "scimVersion",
  "baseUrl",
  "authType",
  "secret",
  "username",
  "headerName",
  "tokenUrl",
  "clientId",
  "scope",
];

export interface ProvisionDraft {
  scimVersion: Provision["scimVersion"];
  baseUrl: string;
  authType: ProvisionAuthType;
  /** Empty: what is kept stays. */
  secret: string;
  username: string;
  headerName: string;
  tokenUrl: string;
  clientId: string;
  scope: string;
  testUserEmail: string;
  manageGroups: boolean;
  action: Provision["deprovision"]["action"];
  days: number | string;
  rules: RuleRow[];
  guardCount: number | string;
  guardPercent: number | string;
  repair: Provision["repair"];
  profile: string;
  perSecond: number | string;
}

const DAYS = 30;
const GUARD = { count: 50, percent: 10 };

export function draftOf(saved: Provision | null): ProvisionDraft {
  const auth: Partial<Provision["authentication"]> = saved?.authentication ?? {};
  return {
    scimVersion: saved?.scimVersion ?? "2.0",
    baseUrl: saved?.baseUrl ?? "",
    authType: auth.type ?? "bearer",
    secret: "",
    username: auth.username ?? "",
    headerName: auth.headerName ?? "",
    tokenUrl: auth.tokenUrl ?? "",
    clientId: auth.clientId ?? "",
    scope: auth.scope ?? "",
    testUserEmail: saved?.testUserEmail ?? "",
    manageGroups: saved?.manageGroups ?? true,
    action: saved?.deprovision.action ?? "deactivate",
    days: saved?.deprovision.days ?? DAYS,
    rules: saved ? saved.mapping.map(rowOf) : defaultRules,
    guardCount: saved ? (saved.guard.count ?? "") : GUARD.count,
    guardPercent: saved ? (saved.guard.percent ?? "") : GUARD.percent,
    repair: saved?.repair ?? "manual",
    profile: saved?.profile ?? "auto",
    perSecond: saved?.requestsPerSecond ?? "",
  };
}

const parts: Record<ProvisionAuthType, ("username" | "headerName" | "tokenUrl" | "clientId" | "scope")[]> = {
  bearer: [],
  basic: ["username"],
  header: ["headerName"],
  oauth: ["tokenUrl", "clientId", "scope"],
};

function authWrite(draft: ProvisionDraft): ProvisionAuthWrite {
  const auth: ProvisionAuthWrite = { type: draft.authType };
  for (const name of parts[draft.authType]) {
    const value = draft[name].trim();
    if (value !== "") auth[name] = value;
  }
  if (draft.secret.trim() !== "") auth.secret = draft.secret.trim();
  return auth;
}

/** Left empty there is no limit. */
const limit = (value: number | string): number | null => (value === "" ? null : Number(value));

export function writeOf(draft: ProvisionDraft): ProvisionWrite {
  const rules = draft.rules.map(ruleOf).filter((rule): rule is ProvisionRule => rule !== null);
  return {
    apiType: "SCIM",
    scimVersion: draft.scimVersion,
    baseUrl: draft.baseUrl.trim(),
    authentication: authWrite(draft),
    testUserEmail: draft.testUserEmail.trim(),
    manageGroups: draft.manageGroups,
    deprovision: { action: draft.action, days: Number(draft.days) || DAYS },
    mapping: rules,
    profile: draft.profile,
    guard: { count: limit(draft.guardCount), percent: limit(draft.guardPercent) },
    repair: draft.repair,
    requestsPerSecond: limit(draft.perSecond),
  };
}

export type Problems = Partial<Record<keyof ProvisionDraft, string>> & { row?: { index: number; message: string } };

function addressProblem(text: string, what: string): string | undefined {
  const value = text.trim();
  if (value === "") return `Enter the ${what}; the application's makers tell it.`;
  try {
    const url = new URL(value);
    if (!/^https?:$/.test(url.protocol)) return "The address begins with https://";
    if (url.username || url.password) return "Leave user name and password out of the address.";
    if (url.hash || url.search) return "The address must not contain a ? or # part.";
    return undefined;
  } catch {
    return "This is not a full address. Start with https://";
  }
}

function whole(value: number | string, from: number, to: number): boolean {
  const number = Number(value);
  return value !== "" && Number.isInteger(number) && number >= from && number <= to;
}

/** What must be mended before a request can be sent, by field. */
export function problemsOf(draft: ProvisionDraft, saved: Provision | null): Problems {
  const problems: Problems = {};
  const base = addressProblem(draft.baseUrl, "base URL");
  if (base) problems.baseUrl = base;
  // A secret is kept for the kind of proof that it was given for.
  const kept = saved?.authentication.secretSet && saved.authentication.type === draft.authType;
  if (!kept && draft.secret.trim() === "") problems.secret = `Enter the ${secretLabel(draft.authType).toLowerCase()}.`;
  if (draft.authType === "basic" && draft.username.trim() === "") problems.username = "Enter the username.";
  if (draft.authType === "header" && !/^[A-Za-z0-9-]+$/.test(draft.headerName.trim())) {
    problems.headerName = "Enter the header's name: letters, digits and hyphens.";
  }
  if (draft.authType === "oauth") {
    const token = addressProblem(draft.tokenUrl, "token URL");
    if (token) problems.tokenUrl = token;
    if (draft.clientId.trim() === "") problems.clientId = "Enter the client ID.";
  }
  const email = draft.testUserEmail.trim();
  if (email !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) {
    problems.testUserEmail = "An e-mail has a name, an @ and a domain, like test@example.com.";
  }
  if (draft.action === "deleteAfter" && !whole(draft.days, 1, 3650)) problems.days = "Enter 1 to 3650 days.";
  if (draft.guardCount !== "" && !whole(draft.guardCount, 0, 1_000_000)) {
    problems.guardCount = "Enter a whole number, or leave it empty for no limit.";
  }
  if (draft.guardPercent !== "" && !whole(draft.guardPercent, 1, 100)) {
    problems.guardPercent = "Enter 1 to 100, or leave it empty for no limit.";
  }
  if (draft.perSecond !== "" && !whole(draft.perSecond, 1, 1000)) {
    problems.perSecond = "Enter 1 to 1000, or leave it empty for no limit.";
  }
  const row = rulesProblems(draft.rules);
  if (row) problems.row = row;
  return problems;
}

const renamed: Partial<Record<keyof ProvisionDraft, string>> = {
  authType: "authentication.type",
  secret: "authentication.secret",
  username: "authentication.username",
  headerName: "authentication.headerName",
  tokenUrl: "authentication.tokenUrl",
  clientId: "authentication.clientId",
  scope: "authentication.scope",
  action: "deprovision.action",
  days: "deprovision.days",
  guardCount: "guard.count",
  guardPercent: "guard.percent",
  perSecond: "requestsPerSecond",
  rules: "mapping",
};

/** How the server names a field. */
export const serverName = (field: keyof ProvisionDraft): string => renamed[field] ?? field;

/** Changes that may move accounts there: they are shown before they are saved. */
const moving = new Set<keyof ProvisionDraft>(["baseUrl", "scimVersion", "manageGroups", "rules", "action", "days"]);
export const movesAccounts = (changes: (keyof ProvisionDraft)[]) => changes.some((key) => moving.has(key));

export const keysOf = (draft: ProvisionDraft) => Object.keys(draft) as (keyof ProvisionDraft)[];
