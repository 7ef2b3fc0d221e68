// How far the reading of an application is, in words. Pure.

import type { ProvisionReading } from "../../../api/types.ts";

type Far = Pick<ProvisionReading, "read" | "total">;

/** As it is shown, with each page that was read. */
export function readingWords({ read, total }: Far): string {
  if (read === 0) return "Reading the application";
  if (total === null || total === undefined) return `Reading the application: ${read.toLocaleString("en")} so far`;
  return `Reading the application: ${read.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}

/** In parts of a hundred; null where nobody knows. */
export function percentOf({ read, total }: Far): number | null {
  return total ? Math.min(100, Math.floor((read / total) * 100)) : null;
}

/** As it is said aloud: not with each page. */
export function readingSaid(far: Far): string {
  const percent = percentOf(far);
  if (percent === null) return "Reading the application";
  return `Reading the application: ${Math.floor(percent / 10) * 10} percent`;
}
