import type { PasswordStatus, User, UserState } from "../../api/types.ts";
import { Status, type StatusTone } from "../../ui/Status.tsx";

const passwordTones: Record<PasswordStatus, StatusTone> = {
  Active: "ok",
  "Password Pending": "waiting",
  Expired: "warn",
  Locked: "bad",
  "Federated Managed by External IdP": "info",
  "Password Externally Managed": "info",
};

const states: Record<UserState, { label: string; tone: StatusTone }> = {
  ACTIVATED: { label: "Activated", tone: "ok" },
  STAGED: { label: "Staged", tone: "waiting" },
  SUSPENDED: { label: "Suspended", tone: "bad" },
};

export function PasswordStatusBadge({ status }: { status: PasswordStatus }) {
  return <Status tone={passwordTones[status] ?? "muted"}>{status}</Status>;
}

export function StateBadge({ state }: { state: UserState }) {
  const known = states[state];
  return <Status tone={known?.tone ?? "muted"}>{known?.label ?? state}</Status>;
}

export function userName(user: Pick<User, "displayname" | "username"> & Partial<Pick<User, "firstname" | "lastname">>) {
  return user.displayname || `${user.firstname ?? ""} ${user.lastname ?? ""}`.trim() || user.username;
}

/** Whether the password lives here, so that an administrator can do something with it. */
export function passwordIsOurs(user: User): boolean {
  return !(user.restrictedFields ?? []).some((one) => one.field === "password");
}
