// Scheduled changes of state in words.
import type { ScheduledState, User } from "../../api/types.ts";
import type { StatusTone } from "../../ui/Status.tsx";

export type Future = "ACTIVATED" | "SUSPENDED";

export const futures: Record<Future, { noun: string; action: string; tone: StatusTone }> = {
  ACTIVATED: { noun: "Activation", action: "Schedule Activation", tone: "ok" },
  SUSPENDED: { noun: "Suspension", action: "Schedule Suspension", tone: "bad" },
};

/** What is to happen; anything but an activation keeps somebody out. */
export function futureOf(one: Pick<ScheduledState, "state">): (typeof futures)[Future] {
  return futures[one.state === "ACTIVATED" ? "ACTIVATED" : "SUSPENDED"];
}

/** "Ana", "Ana and Ben", "Ana, Ben, Cem and 4 more". */
export function listed(names: string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  const last = shown.pop() ?? "";
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : last;
}

/** Who of them is already what they are to be. */
export const already = (users: User[], state: Future): User[] => users.filter((user) => user.state === state);

/** Who is asked by mail to choose a password. */
export const asked = (users: User[]): User[] =>
  users.filter((user) => !user.activated && !(user.restrictedFields ?? []).some((one) => one.field === "password"));
