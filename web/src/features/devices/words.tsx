import type { Device } from "../../api/types.ts";
import { Status } from "../../ui/Status.tsx";

/** The families of operating systems, as people say them. */
export const families: { value: string; label: string }[] = [
  { value: "darwin", label: "macOS" },
  { value: "windows", label: "Windows" },
  { value: "linux", label: "Linux" },
  { value: "ios", label: "iOS" },
  { value: "android", label: "Android" },
];

export function deviceName(device: Pick<Device, "displayName" | "hostname" | "_id">): string {
  return device.displayName || device.hostname || device._id;
}

/** "Ubuntu 24.04"; the family where the system itself is not known. */
export function osName(device: { os?: string | null; osFamily?: string | null; version?: string | null }): string {
  const family = families.find((one) => one.value === device.osFamily)?.label;
  return [device.os || family, device.version].filter(Boolean).join(" ");
}

/** Three answers: a device of which nothing is known is not unencrypted. */
export function EncryptionBadge({ device }: { device: Pick<Device, "fde"> }) {
  if (device.fde?.active === true) return <Status tone="ok">Encrypted</Status>;
  if (device.fde?.active === false) return <Status tone="warn">Not encrypted</Status>;
  return <Status tone="muted">Not known</Status>;
}
