import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import type { SignInEvent } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Ago } from "../../ui/time.tsx";

/** A setting's path is absolute (`/console/...`) or inside this organization's console; it may name a tab. */
function settingPath(slug: string, path: string): string {
  const plain = path.split("?", 1)[0] ?? "";
  return plain.startsWith("/console/") ? plain : `/console/${slug}/${plain.replace(/^\//, "")}`;
}

function settingSearch(path: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(path.split("?")[1] ?? ""));
}

/** The decision trace of one sign-in: each step, what it saw, whether it passed, and the setting behind it. */
export function Trace({ event }: { event: SignInEvent }) {
  return (
    <>
      <Note tone={event.success ? "ok" : "bad"}>{event.summary}</Note>
      <dl className="facts" style={{ marginBottom: 20 }}>
        <dt>When</dt>
        <dd>
          <Ago at={event.at} />
        </dd>
        <dt>Application</dt>
        <dd>{event.application?.name ?? "None (the portal)"}</dd>
        <dt>Address</dt>
        <dd>{event.clientIp}</dd>
        <dt>Browser</dt>
        <dd>{event.userAgent}</dd>
        <dt>Event</dt>
        <dd className="m-mono">{event.type}</dd>
      </dl>
      <TraceSteps trace={event.trace} />
    </>
  );
}

/** The steps of a decision in their order. */
export function TraceSteps({ trace }: { trace: SignInEvent["trace"] }) {
  const { org } = useOrg();
  if (trace.length === 0) return <p className="section__help">No decision was recorded.</p>;
  return (
    <ol className="trace">
      {trace.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a finished trace never changes
        <li key={index} className="trace__step">
          <span className="trace__mark" data-passed={step.passed}>
            {step.passed ? (
              <IconCircleCheck size={19} aria-label="Passed" />
            ) : (
              <IconCircleX size={19} aria-label="Stopped here" />
            )}
          </span>
          <div className="trace__name">{step.step}</div>
          <div className="trace__saw">{step.saw}</div>
          {step.setting && (
            <Link
              className={step.passed ? "trace__setting" : undefined}
              to={settingPath(org.slug, step.setting.path) as never}
              search={settingSearch(step.setting.path) as never}
            >
              {step.passed ? step.setting.label : `Change: ${step.setting.label}`}
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}
