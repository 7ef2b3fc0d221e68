import type { MembershipLag } from "../../api/types.ts";

/** A lag as a person says it. */
const duration = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`);

/** How long memberships took to follow a change, in a sentence; nothing before the first. */
export function lagWords({ count, p50_ms, p99_ms }: MembershipLag): string {
  if (count === 0) return "";
  if (p99_ms === 0) return "Memberships are right the moment a change is saved.";
  if (p50_ms === 0) return `Memberships follow at once; the slowest 1 % took ${duration(p99_ms)} or more.`;
  return `Memberships follow within ${duration(p50_ms)} for half of the changes, within ${duration(p99_ms)} for 99 %.`;
}
