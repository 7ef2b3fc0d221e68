import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError, describeError } from "../api/client.ts";
import { Button } from "./controls.tsx";

export type Tone = "ok" | "warn" | "bad" | "info";

const icons = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX, info: IconInfoCircle };

/** A message that stays in the page. */
export function Note({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div className="note" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={18} aria-hidden />
      <div className="note__body">{children}</div>
    </div>
  );
}

/** A failed request: what the server said, and a way to try again. What was typed stays. */
export function Failure({ error, known = [], retry }: { error: unknown; known?: string[]; retry?: () => void }) {
  if (!error) return null;
  const fields = error instanceof ApiError ? error.fields : [];
  const others = fields.filter((field) => !known.some((name) => covers(name, field.field)));
  return (
    <Note tone="bad">
      <div>
        {fields.length === 0 ? sentence(describeError(error)) : "Nothing was saved yet: some fields need attention."}
      </div>
      {others.length > 0 && (
        <ul>
          {others.map((field) => (
            <li key={field.field + field.message}>
              <strong>{field.field}</strong>: {field.message}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <Button reads variant="default" size="xs" mt={8} onClick={retry}>
          Try again
        </Button>
      )}
    </Note>
  );
}

/** Whether an input called `name` shows the error of `path` (`oidc.redirectUris[0]` belongs to `oidc.redirectUris`). */
export function covers(name: string, path: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
}

/** The server's message for one field, if the last failure names it. */
export function fieldError(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const found = error.fields.filter((field) => covers(name, field.field));
  return found.length > 0 ? found.map((field) => sentence(field.message)).join(" ") : undefined;
}

/** The server's messages go on from the field's name; by themselves they begin like a sentence. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
