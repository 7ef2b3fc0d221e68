import type { DeviceChange } from "../../api/types.ts";

/** One line of what a change did: an attribute, and its values before and after. */
export interface Line {
  what: string;
  from?: string;
  to?: string;
}

const titles: Record<string, string> = {
  system_create: "Device added",
  system_update: "Device changed",
  system_delete: "Device deleted",
};

const words: Record<string, string> = {
  displayName: "name",
  "fde.active": "disk encryption",
  "fde.keyPresent": "recovery key present",
  primarySystemUser: "owner",
};

/** An attribute as people say it: `serialNumber` is "serial number", a custom one keeps its name. */
function attribute(name: string): string {
  if (name.startsWith("attributes.")) return name.replace("attributes.", "attribute ");
  return words[name] ?? name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function shown(value: unknown, people: Record<string, string>): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value === "string") return people[value] ?? value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 1 ? "1 entry" : `${value.length} entries`;
  return typeof value === "object" ? "several values" : String(value);
}

/** What happened, in a few words. */
export function title(change: DeviceChange, people: Record<string, string>): string {
  const known = titles[change.type];
  if (known) return known;
  const fields = record(change.fields);
  const person = shown(fields.id, people) ?? "someone";
  if (fields.op === "add") return `${person} bound`;
  if (fields.op === "remove") return `${person} unbound`;
  return `sudo of ${person} changed`;
}

/** The attributes that a change concerned. */
export function lines(change: DeviceChange, people: Record<string, string>): Line[] {
  const fields = record(change.fields);
  if (change.type === "association_change") {
    const sudo = record(record(fields.attributes).sudo);
    if (fields.op === "remove") return [];
    const may = sudo.enabled ? (sudo.withoutPassword ? "sudo without a password" : "sudo") : "no sudo";
    return [{ what: "permission", to: may }];
  }
  return Object.entries(fields).flatMap(([name, value]): Line[] => {
    const what = attribute(name);
    if (change.type !== "system_update") {
      const to = shown(value, people);
      return to === undefined ? [] : [{ what, to }];
    }
    const { from, to } = record(value);
    return [{ what, from: shown(from, people), to: shown(to, people) }];
  });
}
