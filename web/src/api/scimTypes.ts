// The shapes of provisioning, out to applications and in from other directories.

export type ScimVersion = "2.0" | "1.1";
export type ProvisionAuthType = "bearer" | "basic" | "header" | "oauth";

export interface ProvisionAuth {
  type: ProvisionAuthType;
  username?: string | null;
  headerName?: string | null;
  tokenUrl?: string | null;
  clientId?: string | null;
  scope?: string | null;
  /** Bearer token, password, header value or client secret; never answered. */
  secret?: string | null;
  readonly secretSet?: boolean;
}

export interface ProvisionRule {
  target: string;
  attribute?: string | null;
  constant?: unknown;
  template?: string | null;
  when?: "always" | "onlyAtCreation";
}

export interface ProvisionWrite {
  apiType: "SCIM";
  scimVersion: ScimVersion;
  baseUrl: string;
  authentication: ProvisionAuth;
  testUserEmail: string;
  manageGroups: boolean;
  deprovision: { action: "deactivate" | "delete" | "deleteAfter"; days?: number | null };
  mapping: ProvisionRule[];
  profile: string;
  guard: { count?: number | null; percent?: number | null };
  repair: "manual" | "automatic";
}

export interface Provision extends ProvisionWrite {
  active: boolean;
  paused?: boolean;
  /** What was found out of the application, in words. */
  receiver?: string;
}

export interface ProvisionTestLine {
  check: string;
  outcome: "passed" | "failed" | "skipped" | "warning";
  message: string;
}

export interface ProvisionTest {
  ok: boolean;
  lines: ProvisionTestLine[];
}

export type PlanAction = "create" | "update" | "adopt" | "deactivate" | "delete" | "reactivate" | "none" | "conflict";

export interface ProvisionPlanItem {
  kind: "user" | "group";
  id: string | null;
  name: string;
  action: PlanAction | string;
  why: string;
  fields: { name: string; from?: string | null; to?: string | null }[];
}

export interface ProvisionPlan {
  counts: Record<PlanAction, number>;
  guarded: boolean;
  items: ProvisionPlanItem[];
}

export interface ProvisionStatus {
  state: "off" | "running" | "paused" | "held" | "unreachable";
  counts: { inStep: number; waiting: number; failing: number; held: number };
  lag: { p50_ms: number; p99_ms: number } | null;
  lastError: string | null;
  nextTry: string | null;
  done: number;
  total: number;
}

export type ProvisionObjectState = "in step" | "waiting" | "failing" | "held" | "gone";

export interface ProvisionObject {
  kind: "user" | "group";
  id: string;
  name: string;
  state: ProvisionObjectState;
  remoteId: string | null;
  lastSyncedAt: string | null;
  lastError: string | null;
  attempts: number;
  nextTry: string | null;
}

export interface ProvisionCall {
  at: string;
  method: string;
  path: string;
  request: string | null;
  status: number | null;
  answer: string | null;
  outcome: string;
  attempt: number;
}

export interface ProvisionTape extends ProvisionObject {
  calls: ProvisionCall[];
}

export interface DriftItem {
  kind: "user" | "group";
  id: string | null;
  name: string;
  remoteId: string | null;
  finding: string;
  fields: { name: string; ours?: string | null; theirs?: string | null; sent?: string | null }[];
}

export interface Drift {
  checkedAt: string;
  items: DriftItem[];
}

export interface ImportUser {
  id: string;
  username?: string;
  email?: string;
  firstname?: string | null;
  lastname?: string | null;
  displayname?: string | null;
  jobTitle?: string | null;
  department?: string | null;
  active?: boolean;
  /** Whom here an import would change. */
  systemUserId?: string | null;
}

export interface ImportJobWrite {
  operations: ("users.create" | "users.update")[];
  allowUserReactivation: boolean;
  /** Ids of the application's users; all of them when left out. */
  ids?: string[];
  queryString?: string;
}

export interface ImportResult {
  systemUserId?: string;
  username: string;
  email: string;
  status: string;
  error?: string;
}

export interface ImportJob {
  id: string;
  status: string;
  createdAt: string;
  completedAt: string | null;
  error: string | null;
  results: ImportResult[];
}
