import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { applicationName, applicationsQuery } from "../../api/applications.ts";
import { groupsQuery } from "../../api/groups.ts";
import { identityProvidersQuery, policiesQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { administratorsQuery } from "../../api/settings.ts";
import { userCountQuery } from "../../api/users.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { Attention } from "./Attention.tsx";
import { People } from "./People.tsx";
import { QuickStart } from "./QuickStart.tsx";
import { connected, isAtWork, known, type Progress, works } from "./quickStart.ts";
import "./home.css";

/** What an administrator should look at first: what is wrong, and the way to the first working application. */
export function Home() {
  const { org } = useOrg();
  const progress = useProgress();
  return (
    <Page title={org.displayName}>{known(progress) ? <Parts progress={progress} /> : <Skeleton height={420} />}</Page>
  );
}

/** Until something works the way there comes first. */
function Parts({ progress }: { progress: Progress }) {
  const started = works(progress);
  return (
    <>
      {started ? <Attention progress={progress} /> : <QuickStart progress={progress} />}
      {!started && <Attention progress={{ ...progress, applications: [] }} />}
      <Overview />
    </>
  );
}

function useProgress(): Progress {
  const { api } = useOrg();
  const people = useQuery(userCountQuery(api, {})).data;
  const groups = useQuery(groupsQuery(api, {})).data;
  const applications = useQuery(applicationsQuery(api)).data;
  return {
    people,
    // One group, of everybody, is always there.
    groups: groups && Math.max(0, groups.total - 1),
    applications: applications?.map((one) => connected(one, applicationName(one))),
  };
}

interface Figure {
  label: string;
  count: number | undefined;
  to: LinkProps["to"];
}

function Overview() {
  const { api, org } = useOrg();
  const applications = useQuery(applicationsQuery(api)).data;
  const figures: Figure[] = [
    {
      label: "Active applications",
      count: applications?.filter(isAtWork).length,
      to: "/console/$slug/sso-applications",
    },
    { label: "User Groups", count: useQuery(groupsQuery(api, {})).data?.total, to: "/console/$slug/user-groups" },
    {
      label: "Identity Providers",
      count: useQuery(identityProvidersQuery(api)).data?.length,
      to: "/console/$slug/identity-providers",
    },
    {
      label: "Routing policies",
      count: useQuery(policiesQuery(api)).data?.filter((one) => one.enabled).length,
      to: "/console/$slug/identity-providers",
    },
    {
      label: "Administrators",
      count: useQuery(administratorsQuery(api)).data?.totalCount,
      to: "/console/$slug/settings/administrators",
    },
  ];
  return (
    <Section wide title="Overview">
      <People />
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
