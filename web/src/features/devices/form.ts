import type { Device, DeviceWrite, NameValue } from "../../api/types.ts";
import { attributesProblem } from "../../ui/attributes.ts";
import { filled } from "../../ui/PairRows.tsx";

/** The settings of a device that are on or off. */
export const settings = [
  { name: "allowSshRootLogin", label: "Allow SSH Root Login", help: "root may sign in over SSH." },
  {
    name: "allowSshPasswordAuthentication",
    label: "Allow SSH Password Authentication",
    help: "People may sign in over SSH with their password.",
  },
  {
    name: "allowPublicKeyAuthentication",
    label: "Allow Public Key Authentication",
    help: "People may sign in over SSH with a key of theirs.",
  },
  {
    name: "allowMultiFactorAuthentication",
    label: "Require multi-factor authentication over SSH",
    help: "A second factor is asked for besides.",
  },
] as const;

type Setting = (typeof settings)[number]["name"];

export type DeviceDraft = Record<Setting, boolean> & { displayName: string; attributes: NameValue[] };

export function draftOf(device: Partial<Device>): DeviceDraft {
  const flags = Object.fromEntries(settings.map(({ name }) => [name, device[name] ?? false])) as Record<
    Setting,
    boolean
  >;
  return {
    ...flags,
    displayName: device.displayName ?? "",
    attributes: (device.attributes ?? []).map(({ name, value }) => ({ name, value })),
  };
}

/** What is sent: what changed; the attributes always as a whole. */
export function writeOf(draft: DeviceDraft, changes: (keyof DeviceDraft)[]): DeviceWrite {
  const body: DeviceWrite = {};
  for (const { name } of settings) if (changes.includes(name)) body[name] = draft[name];
  if (changes.includes("displayName")) body.displayName = draft.displayName.trim();
  if (changes.includes("attributes")) body.attributes = filled(draft.attributes);
  return body;
}

/** Problems that need no server to be found. */
export function problemsOf(draft: DeviceDraft): Record<string, string> {
  const attributes = attributesProblem(draft.attributes);
  return attributes ? { attributes } : {};
}
