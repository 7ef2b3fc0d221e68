// How many people can sign in, and why the others cannot. Pure.

import type { StatusTone } from "../../ui/Status.tsx";

export interface PeopleCounts {
  total: number;
  staged: number;
  suspended: number;
  /** Activated, without a password yet. */
  pending: number;
}

export interface Share {
  label: string;
  count: number;
  tone: StatusTone;
  /** What the list of users is filtered by to show them. */
  search: { state?: string; status?: string };
}

/** The parts of all people; each person is in one. */
export function shares({ total, staged, suspended, pending }: PeopleCounts): Share[] {
  const ready = Math.max(0, total - staged - suspended - pending);
  const parts: Share[] = [
    { label: "Can sign in", count: ready, tone: "ok", search: { state: "ACTIVATED" } },
    {
      label: "Password pending",
      count: pending,
      tone: "warn",
      search: { state: "ACTIVATED", status: "Password Pending" },
    },
    { label: "Staged", count: staged, tone: "info", search: { state: "STAGED" } },
    { label: "Suspended", count: suspended, tone: "bad", search: { state: "SUSPENDED" } },
  ];
  return parts.filter((part, index) => index === 0 || part.count > 0);
}
