// The steps from an empty organization to the first application that works. Pure.

import type { LinkProps } from "@tanstack/react-router";

/** What there is; `undefined` while it is not known yet. */
export interface Progress {
  people: number | undefined;
  /** Groups that somebody made: the one that everybody is in does not count. */
  groups: number | undefined;
  applications: { id: string; name: string; active: boolean; boundGroups: number | undefined }[] | undefined;
}

export interface Step {
  title: string;
  text: string;
  done: boolean;
  to: LinkProps["to"];
  params?: object;
  search?: object;
}

/** Whether somebody can open an application: it is active, and a group is bound to it. */
export function works({ applications }: Progress): boolean {
  return (applications ?? []).some((one) => one.active && (one.boundGroups ?? 0) > 0);
}

export function known({ people, groups, applications }: Progress): boolean {
  return people !== undefined && groups !== undefined && applications !== undefined;
}

export function steps(progress: Progress): Step[] {
  const applications = progress.applications ?? [];
  const [unbound] = applications.filter((one) => one.boundGroups === 0);
  const [idle] = applications.filter((one) => !one.active);
  const at = (application: { id: string } | undefined, tab: string): Pick<Step, "to" | "params" | "search"> =>
    application
      ? {
          to: "/console/$slug/sso-applications/$applicationId",
          params: { applicationId: application.id },
          search: { tab },
        }
      : { to: "/console/$slug/sso-applications" };
  return [
    {
      title: "Add the first users",
      text: "Each gets a link to choose a password.",
      done: (progress.people ?? 0) > 0,
      to: "/console/$slug/users/new",
    },
    {
      title: "Make a user group",
      text: "Groups decide who may open what. A rule can keep them up to date.",
      done: (progress.groups ?? 0) > 0,
      to: "/console/$slug/user-groups/new",
    },
    {
      title: "Connect an application",
      text: "Anything that speaks OpenID Connect.",
      done: applications.length > 0,
      to: "/console/$slug/sso-applications/add",
    },
    {
      title: unbound ? `Give ${unbound.name} to a group` : "Give it to a group",
      text: "Only the members of its groups see it and may sign in.",
      done: applications.some((one) => (one.boundGroups ?? 0) > 0),
      ...at(unbound ?? applications[0], "groups"),
    },
    {
      title: idle ? `Activate ${idle.name}` : "Activate it",
      text: "Then its people sign in with their Muster account.",
      done: applications.some((one) => one.active),
      ...at(idle ?? applications[0], "sso"),
    },
  ];
}
