// The steps from an empty organization to the first application that works. Pure.

import type { LinkProps } from "@tanstack/react-router";
import { kindOf } from "../../api/applications.ts";
import type { Application } from "../../api/types.ts";

/** What there is; `undefined` while it is not known yet. */
export interface Progress {
  people: number | undefined;
  /** Groups that somebody made: the one that everybody is in does not count. */
  groups: number | undefined;
  applications: Connected[] | undefined;
}

/** An application as far as it is connected. */
export interface Connected {
  id: string;
  name: string;
  /** People sign in to it, or get their accounts. */
  active: boolean;
  boundGroups?: number;
  /** Of one that nobody signs in to, since it only gets accounts: whether it is said where they are sent. */
  accounts?: "none" | "saved";
}

export function connected(one: Application, name: string): Connected {
  const boundGroups = one.boundUserGroups ?? undefined;
  if (kindOf(one) !== "scim") return { id: one._id, name, active: one.active, boundGroups };
  const of = one.identityManagement;
  return { id: one._id, name, active: isAtWork(one), boundGroups, accounts: of ? "saved" : "none" };
}

/** Whether people sign in to it, or where nobody does, whether accounts are sent to it. */
export function isAtWork(one: Application): boolean {
  if (kindOf(one) !== "scim") return one.active;
  return (one.identityManagement?.state ?? "off") !== "off";
}

/** Where an application is made ready: what its people do with it, or where their accounts go. */
const readyAt = (one: Pick<Connected, "accounts"> | undefined) => (one?.accounts ? "identity" : "sso");

/** What an application lacks before anybody has something of it, after its name, and the tab where that is mended. */
export function lacks(one: Connected): { tab: string; text: string } | undefined {
  const { active, accounts, boundGroups } = one;
  if (!active && !accounts) return { tab: "sso", text: "is saved but not activated, so nobody can sign in to it." };
  if (!active) {
    const what =
      accounts === "none" ? "has no Identity Management yet" : "has Identity Management that is not activated";
    return { tab: "identity", text: `${what}, so no account is sent to it.` };
  }
  if (boundGroups !== 0) return undefined;
  const follows = accounts ? ": only who is bound by themselves gets an account." : ", so nobody can open it.";
  return { tab: "groups", text: `is active, but no group is bound to it${follows}` };
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
      text: "By OpenID Connect, SAML or SCIM.",
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
      text: "Then its people sign in with their Muster account, or get an account there.",
      done: applications.some((one) => one.active),
      ...at(idle ?? applications[0], readyAt(idle ?? applications[0])),
    },
  ];
}
