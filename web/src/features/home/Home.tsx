import { Skeleton } from "@mantine/core";
import { IconArrowRight, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { applicationName, applicationsQuery } from "../../api/applications.ts";
import { groupsQuery } from "../../api/groups.ts";
import { identityProvidersQuery, policiesQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { usersQuery } from "../../api/users.ts";
import { Note } from "../../ui/Note.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import "./home.css";

/** What an administrator should look at first: what is wrong, and the way to the first working application. */
export function Home() {
  const { org } = useOrg();
  return (
    <Page title={org.displayName}>
      <Attention />
      <QuickStart />
      <Overview />
    </Page>
  );
}

function Attention() {
  const { api, org } = useOrg();
  const locked = useQuery(usersQuery(api, { status: "Locked" })).data?.totalCount ?? 0;
  const failing = useQuery(identityProvidersQuery(api)).data?.filter(
    (one) => one.enabled && one.check?.state === "failing",
  );
  const idle = useQuery(applicationsQuery(api)).data?.filter((one) => !one.active) ?? [];
  const params = { slug: org.slug };
  const lines: { key: string; tone: "bad" | "warn" | "info"; text: ReactNode }[] = [
    ...(failing ?? []).map((provider) => ({
      key: provider.id,
      tone: "bad" as const,
      text: (
        <>
          The identity provider{" "}
          <Link to="/console/$slug/identity-providers/$providerId" params={{ ...params, providerId: provider.id }}>
            {provider.name}
          </Link>{" "}
          does not answer as it should: {provider.check.message || "the last check failed"}.
        </>
      ),
    })),
  ];
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
  for (const application of idle.slice(0, 3)) {
    lines.push({
      key: application._id,
      tone: "info",
      text: (
        <>
          <Link
            to="/console/$slug/sso-applications/$applicationId"
            params={{ ...params, applicationId: application._id }}
            search={{ tab: "sso" }}
          >
            {applicationName(application)}
          </Link>{" "}
          is saved but not activated, so nobody can sign in to it.
        </>
      ),
    });
  }
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

interface StepProps {
  done: boolean | undefined;
  title: string;
  text: string;
  to: LinkProps["to"];
}

function QuickStart() {
  const { api, org } = useOrg();
  const users = useQuery(usersQuery(api, {})).data;
  const groups = useQuery(groupsQuery(api, {})).data;
  const applications = useQuery(applicationsQuery(api)).data;
  const working = applications?.some((one) => one.active);
  if (working) return null;
  const steps: StepProps[] = [
    {
      done: users && users.totalCount > 0,
      title: "Add the first users",
      text: "Each gets a link to choose a password.",
      to: "/console/$slug/users/new",
    },
    {
      done: groups && groups.total > 1,
      title: "Make a user group",
      text: "Groups decide who may open what. A rule can keep them up to date.",
      to: "/console/$slug/user-groups/new",
    },
    {
      done: applications && applications.length > 0,
      title: "Connect an application",
      text: "Anything that speaks OpenID Connect.",
      to: "/console/$slug/sso-applications/add",
    },
    {
      done: working,
      title: "Activate it for a group",
      text: "Then its members sign in with their Muster account.",
      to: "/console/$slug/sso-applications",
    },
  ];
  return (
    <Section wide title="Quick start" help="From nothing to the first application that works.">
      <ol className="quick">
        {steps.map((step) => (
          <li key={step.title} className="quick__step" data-done={step.done || undefined}>
            {step.done ? (
              <IconCircleCheck size={22} color="var(--m-ok)" aria-label="Done" />
            ) : (
              <IconCircleDashed size={22} aria-label="To do" />
            )}
            <Link to={step.to} params={{ slug: org.slug } as never} className="quick__link">
              <span>
                <strong>{step.title}</strong>
                <span className="table__sub">{step.text}</span>
              </span>
              <IconArrowRight size={18} aria-hidden />
            </Link>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Overview() {
  const { api, org } = useOrg();
  const users = useQuery(usersQuery(api, {})).data;
  const groups = useQuery(groupsQuery(api, {})).data;
  const applications = useQuery(applicationsQuery(api)).data;
  const providers = useQuery(identityProvidersQuery(api)).data;
  const policies = useQuery(policiesQuery(api)).data;
  const figures: { label: string; count: number | undefined; to: LinkProps["to"] }[] = [
    { label: "Users", count: users?.totalCount, to: "/console/$slug/users" },
    { label: "User Groups", count: groups?.total, to: "/console/$slug/user-groups" },
    {
      label: "Active applications",
      count: applications?.filter((one) => one.active).length,
      to: "/console/$slug/sso-applications",
    },
    {
      label: "Identity Providers",
      count: providers?.length,
      to: "/console/$slug/identity-providers",
    },
    {
      label: "Routing policies",
      count: policies?.filter((one) => one.enabled).length,
      to: "/console/$slug/identity-providers",
    },
  ];
  return (
    <Section wide title="Overview">
      <div className="figures">
        {figures.map((figure) => (
          <Link key={figure.label} to={figure.to} params={{ slug: org.slug } as never} className="figure">
            <span className="figure__number">
              {figure.count === undefined ? <Skeleton width={36} height={26} /> : figure.count.toLocaleString()}
            </span>
            <span className="figure__label">{figure.label}</span>
          </Link>
        ))}
      </div>
    </Section>
  );
}
