import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconInfoCircle,
} from "@tabler/icons-react";

export type StatusTone = "ok" | "warn" | "bad" | "info" | "muted" | "waiting";

const icons = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfoCircle,
  muted: IconCircleDashed,
  waiting: IconClock,
};

/** A state: always a word and an icon, never colour alone. */
export function Status({ tone, children }: { tone: StatusTone; children: string }) {
  const Icon = icons[tone];
  return (
    <span className="status" data-tone={tone === "waiting" ? "muted" : tone}>
      <Icon size={14} aria-hidden /> {children}
    </span>
  );
}
