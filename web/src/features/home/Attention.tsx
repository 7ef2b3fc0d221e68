import { Skeleton } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { attentionQuery } from "../../api/attention.ts";
import { identityProvidersQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { administratorsQuery } from "../../api/settings.ts";
import { userCountQuery } from "../../api/users.ts";
import { Button } from "../../ui/controls.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { Status, type StatusTone } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { kindWords, partsOf, stateWords } from "./attentionWords.ts";
import { lacks, type Progress } from "./quickStart.ts";

interface Line {
  key: string;
  tone: StatusTone;
  state: string;
  text: ReactNode;
  /** What it is about. */
  about?: string;
  at?: string | null;
}

const SHOWN = 4;
/** Lines before the rest has to be asked for. */
const FOLDED = 8;

/** What is wrong or about to be, the worst first. */
export function Attention({ progress }: { progress: Progress }) {
  const found = useFound();
  const rest = [...useProviders(), ...usePeople(), ...useApplications(progress), ...useAccess()];
  const [all, setAll] = useState(false);
  if (found.pending) {
    return (
      <Section wide title="Needs attention">
        <Skeleton height={52} radius={8} />
      </Section>
    );
  }
  const order = (line: Line) => ["bad", "warn", "info"].indexOf(line.tone);
  const lines = [...found.lines, ...rest].sort((a, b) => order(a) - order(b));
  const shown = all ? lines : lines.slice(0, FOLDED);
  return (
    <Section wide title="Needs attention">
      <Failure error={found.error} />
      {lines.length === 0 && !found.error ? (
        <p className="attention__none">
          <IconCircleCheck size={18} aria-hidden /> Nothing needs you.
        </p>
      ) : (
        <ul className="framed attention" aria-label="Needs attention">
          {shown.map((line) => (
            <li key={line.key} className="attention__line">
              <span className="attention__state">
                <Status tone={line.tone}>{line.state}</Status>
              </span>
              <span className="attention__text">
                {line.text}
                {(line.about || line.at) && (
                  <span className="table__sub">
                    {line.about}
                    {line.about && line.at && " · "}
                    {line.at && <Ago at={line.at} />}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {lines.length > FOLDED && (
        <Button reads variant="subtle" size="compact-sm" mt={8} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${lines.length.toLocaleString()}`}
        </Button>
      )}
      {found.more > 0 && all && (
        <p className="section__help">{found.more.toLocaleString()} more appear when these are mended.</p>
      )}
    </Section>
  );
}

/** What the server finds: targets, directories, groups, certificates, jobs. */
function useFound(): { lines: Line[]; more: number; pending: boolean; error: unknown } {
  const { api } = useOrg();
  const { data, isPending, error } = useQuery(attentionQuery(api));
  const lines = (data?.results ?? []).map((item): Line => {
    const words = stateWords[item.state];
    const name = item.name;
    return {
      key: [item.kind, item.state, item.id].join(" "),
      tone: words.tone,
      state: words.label,
      about: kindWords[item.kind],
      at: item.since,
      text: (
        <>
          {item.link ? <Link {...(partsOf(item.link) as LinkProps)}>{name}</Link> : <strong>{name}</strong>}
          {": "}
          {item.message}
        </>
      ),
    };
  });
  return { lines, more: (data?.totalCount ?? 0) - lines.length, pending: isPending, error };
}

function useProviders(): Line[] {
  const { api, org } = useOrg();
  const providers = useQuery(identityProvidersQuery(api)).data ?? [];
  const failing = providers.filter((one) => one.enabled && one.check?.state === "failing");
  return failing.map((provider) => ({
    key: provider.id,
    tone: "bad",
    state: "Failing",
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
      state: "Locked out",
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
      state: "Expired",
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
  // What is at work stands first: its people wait.
  const ordered = [...(applications ?? [])].sort((a, b) => Number(b.active) - Number(a.active));
  return ordered
    .flatMap((one): Line[] => {
      const lack = lacks(one);
      if (!lack) return [];
      return [
        {
          key: one.id,
          tone: "info",
          state: "Unfinished",
          text: (
            <>
              {link(one, lack.tab)} {lack.text}
            </>
          ),
        },
      ];
    })
    .slice(0, SHOWN);
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
      state: "Advice",
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
      state: "Advice",
      text: "No mail server is set up: you hand activation and reset links over yourself. The server's settings name one.",
    });
  }
  return lines;
}
