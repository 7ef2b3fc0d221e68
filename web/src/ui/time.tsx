import { useSyncExternalStore } from "react";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 min ago", in the viewer's language. */
export function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  // Clocks differ by some seconds.
  if (seconds > 10 && seconds < 45) return "in a moment";
  if (Math.abs(seconds) < 45) return "just now";
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length * 0.75) return format.format(Math.round(seconds / length), unit);
  }
  return "just now";
}

/** The day and the time in the viewer's zone: "Tue, 24 Nov 2026, 08:00". */
export function exact(at: Date): string {
  return at.toLocaleString(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

let now = new Date();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One clock for every time on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    now = new Date();
    for (const one of listeners) one();
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** A time as people say it, with the exact one in the viewer's zone on hover. */
export function Ago({ at }: { at: string | null | undefined }) {
  const current = useSyncExternalStore(subscribe, () => now);
  if (!at) return <span>Never</span>;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  const hover = date.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  return (
    <time dateTime={date.toISOString()} title={hover}>
      {relative(date, date > current ? new Date() : current)}
    </time>
  );
}
