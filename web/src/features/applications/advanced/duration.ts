// Lengths of time: the API's form (`1h30m`), and a number with a unit as people enter it. Pure.

export const units = [
  { value: "s", label: "seconds", seconds: 1 },
  { value: "m", label: "minutes", seconds: 60 },
  { value: "h", label: "hours", seconds: 3600 },
  { value: "d", label: "days", seconds: 86_400 },
] as const;

export type Unit = (typeof units)[number]["value"];

/** Seconds of `1h`, `1h30m` or `45s`; nothing for what is no length of time. */
export function readDuration(text: string | null | undefined): number | undefined {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? "");
  if (!text || !parts) return undefined;
  const [, hours, minutes, seconds] = parts;
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

export function writeDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join("") || "0s"
  );
}

export function secondsOf(unit: Unit): number {
  return units.find((one) => one.value === unit)?.seconds ?? 1;
}

/** The largest unit in which the length is a whole number. */
export function unitOf(seconds: number | ""): Unit {
  if (seconds === "" || seconds === 0) return "m";
  return units.findLast((one) => seconds % one.seconds === 0)?.value ?? "s";
}

/** "1 hour", "90 seconds": as it stands in a sentence. */
export function said(seconds: number): string {
  const unit = units.find((one) => one.value === unitOf(seconds)) ?? units[0];
  const count = seconds / unit.seconds;
  return `${count.toLocaleString()} ${count === 1 ? unit.label.slice(0, -1) : unit.label}`;
}
