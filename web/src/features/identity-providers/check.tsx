import type { IdpCheck } from "../../api/types.ts";
import { Status, type StatusTone } from "../../ui/Status.tsx";

const words: Record<IdpCheck["state"], { label: string; tone: StatusTone }> = {
  ok: { label: "Working", tone: "ok" },
  failing: { label: "Failing", tone: "bad" },
  unknown: { label: "Not checked yet", tone: "muted" },
};

export function CheckBadge({ check }: { check: IdpCheck | undefined }) {
  const said = words[check?.state ?? "unknown"] ?? words.unknown;
  return <Status tone={said.tone}>{said.label}</Status>;
}

export function people(count: number): string {
  return count === 1 ? "1 person" : `${count.toLocaleString()} people`;
}
