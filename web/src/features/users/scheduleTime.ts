// When something is to happen, as a day and a time in the administrator's own zone. Never here: the dialog.

/** How far ahead the server takes it. */
const AHEAD_DAYS = 3660;

export interface When {
  /** As `<input type="date">` has it. */
  day: string;
  /** As `<input type="time">` has it. */
  time: string;
}

const two = (number: number): string => String(number).padStart(2, "0");

/** Tomorrow morning. */
export function tomorrow(now: Date): When {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return { day: dayOf(at), time: "08:00" };
}

/** A day as `<input type="date">` has it. */
export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The moment, or nothing where it is not filled in, or where the clocks skip it. */
export function momentOf({ day, time }: When): Date | undefined {
  const [year, month, date] = day.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  if (!year || !month || !date || hour === undefined || minute === undefined) return undefined;
  const at = new Date(year, month - 1, date, hour, minute);
  return at.getHours() === hour && at.getMinutes() === minute ? at : undefined;
}

/** What is wrong with it, by field. */
export function problemsOfWhen(when: When, now: Date): Partial<Record<keyof When, string>> {
  if (when.day === "") return { day: "Choose a day." };
  if (when.time === "") return { time: "Choose a time." };
  const at = momentOf(when);
  if (!at) return { time: "The clocks go forward then: there is no such time that day." };
  if (at <= now) {
    return dayOf(at) < dayOf(now)
      ? { day: "This day is over. Choose one to come." }
      : { time: "This is past. Choose a time to come." };
  }
  if (at.getTime() > now.getTime() + AHEAD_DAYS * 86_400_000) return { day: "At most ten years ahead." };
  return {};
}

/** The viewer's zone at a moment, by its name and distance: "Europe/Zurich, GMT+01:00". */
export function zoneAt(at: Date): string {
  const format = new Intl.DateTimeFormat("en", { timeZoneName: "longOffset" });
  const offset = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value;
  const name = format.resolvedOptions().timeZone;
  return offset && offset !== name ? `${name}, ${offset}` : name;
}
