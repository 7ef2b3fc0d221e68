// Until when a service account works. Pure.

import type { ServiceAccountSecret } from "../../api/types.ts";

const SOON_MS = 14 * 86_400_000;

export type Standing = { state: "none"; at?: undefined } | { state: "over" | "soon" | "fine"; at: string };

/** The secret that lives longest decides: the others may be dropped. */
export function lastSecret(secrets: Pick<ServiceAccountSecret, "expiresAt">[], now: Date): Standing {
  const [last] = secrets.map((one) => one.expiresAt).toSorted((a, b) => Date.parse(b) - Date.parse(a));
  if (last === undefined) return { state: "none" };
  const left = Date.parse(last) - now.getTime();
  if (left <= 0) return { state: "over", at: last };
  return { state: left < SOON_MS ? "soon" : "fine", at: last };
}
