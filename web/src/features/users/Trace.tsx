import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import type { SignInEvent } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Ago } from "../../ui/time.tsx";

/** A setting's path is absolute (`/console/...`) or inside this organization's console. */
function settingPath(slug: string, path: string): string {
  if (path.startsWith("/console/")) return path;
  return `/console/${slug}/${path.replace(/^\//, "")}`;
}

/** The decision trace of one sign-in: each step, what it saw, whether it passed, and the setting behind it. */
export function Trace({ event }: { event: SignInEvent }) {
  const { org } = useOrg();
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
      {event.trace.length === 0 && <p className="section__help">No decision was recorded for this event.</p>}
      <ol className="trace">
        {event.trace.map((step, index) => (
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
              >
                {step.passed ? step.setting.label : `Change: ${step.setting.label}`}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
