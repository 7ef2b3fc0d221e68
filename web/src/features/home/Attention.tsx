import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { identityProvidersQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { administratorsQuery } from "../../api/settings.ts";
import { userCountQuery } from "../../api/users.ts";
import { Note, type Tone } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import type { Progress } from "./quickStart.ts";

interface Line {
  key: string;
  tone: Tone;
  text: ReactNode;
}

const SHOWN = 4;

/** What is wrong or about to be, the worst first. Nothing when all is well. */
export function Attention({ progress }: { progress: Progress }) {
  const lines = [...useProviders(), ...usePeople(), ...useApplications(progress), ...useAccess()];
  if (lines.length === 0) return null;
  return (
    <Section wide title="Needs attention">
      {lines.map((line) => (
        <Note key={line.key} tone={line.tone}>
          {line.text}
        </Note>
      ))}
    </Section>
  );
}

function useProviders(): Line[] {
  const { api, org } = useOrg();
  const providers = useQuery(identityProvidersQuery(api)).data ?? [];
  const failing = providers.filter((one) => one.enabled && one.check?.state === "failing");
  return failing.map((provider) => ({
    key: provider.id,
    tone: "bad",
    text: (
      <>
        The identity provider{" "}
        <Link to="/console/$slug/identity-providers/$providerId" params={{ slug: org.slug, providerId: provider.id }}>
          {provider.name}
        </Link>{" "}
        does not answer as it should: {provider.check.message || "the last check failed"}.
        {provider.routedUsers > 0 &&
          ` ${provider.routedUsers === 1 ? "1 person signs" : `${provider.routedUsers} people sign`} in with it.`}
      </>
    ),
  }));
}

function usePeople(): Line[] {
  const { api, org } = useOrg();
  const params = { slug: org.slug };
  const locked = useQuery(userCountQuery(api, { status: "Locked" })).data ?? 0;
  const expired = useQuery(userCountQuery(api, { status: "Expired" })).data ?? 0;
  const lines: Line[] = [];
  if (locked > 0) {
    lines.push({
      key: "locked",
      tone: "warn",
      text: (
        <Link to="/console/$slug/users" params={params} search={{ status: "Locked" }}>
          {locked === 1 ? "1 person is locked out" : `${locked} people are locked out`}
        </Link>
      ),
    });
  }
  if (expired > 0) {
    lines.push({
      key: "expired",
      tone: "info",
      text: (
        <Link to="/console/$slug/users" params={params} search={{ status: "Expired" }}>
          {expired === 1 ? "1 password has expired" : `${expired} passwords have expired`}
        </Link>
      ),
    });
  }
  return lines;
}

function useApplications({ applications }: Progress): Line[] {
  const { org } = useOrg();
  const link = (one: { id: string; name: string }, tab: string) => (
    <Link
      to="/console/$slug/sso-applications/$applicationId"
      params={{ slug: org.slug, applicationId: one.id }}
      search={{ tab }}
    >
      {one.name}
    </Link>
  );
  const idle = (applications ?? []).filter((one) => !one.active);
  const closed = (applications ?? []).filter((one) => one.active && one.boundGroups === 0);
  const line = (key: string, text: ReactNode): Line => ({ key, tone: "info", text });
  return [
    ...closed.map((one) =>
      line(one.id, <>{link(one, "groups")} is active, but no group is bound to it, so nobody can open it.</>),
    ),
    ...idle.map((one) =>
      line(one.id, <>{link(one, "sso")} is saved but not activated, so nobody can sign in to it.</>),
    ),
  ].slice(0, SHOWN);
}

/** What would lock everybody out of the console, or keep mail from arriving. */
function useAccess(): Line[] {
  const { api, org, session } = useOrg();
  const administrators = useQuery(administratorsQuery(api)).data?.totalCount;
  const lines: Line[] = [];
  if (administrators === 1) {
    lines.push({
      key: "alone",
      tone: "info",
      text: (
        <>
          You are the only administrator.{" "}
          <Link to="/console/$slug/settings/administrators" params={{ slug: org.slug }}>
            Add a second one
          </Link>
          , so that a lost password locks nobody out of the console.
        </>
      ),
    });
  }
  if (!session.mailConfigured) {
    lines.push({
      key: "mail",
      tone: "info",
      text: "No mail server is set up: you hand activation and reset links over yourself. The server's settings name one.",
    });
  }
  return lines;
}
