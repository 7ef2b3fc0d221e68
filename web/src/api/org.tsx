import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { Api } from "./client.ts";
import type { OrganizationRef, Session, SessionOrganization } from "./types.ts";

/** For what belongs to no organization: the session itself, the administrator's own key. */
export const rootApi = new Api({ orgId: "", slug: "", door: "console" });

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => rootApi.get<Session>("/api/v2/session", { signal }),
  staleTime: 60_000,
});

export interface OrgScope {
  api: Api;
  org: SessionOrganization;
  session: Session;
}

const Scope = createContext<OrgScope | null>(null);
export const OrgProvider = Scope.Provider;

/** The organization that this tab works in. Every query key begins with its id, so tenants never share a cache. */
export function useOrg(): OrgScope {
  const scope = useContext(Scope);
  if (!scope) throw new Error("useOrg outside of an organization");
  return scope;
}

/** Whether whoever is signed in may only look here. Outside of an organization (the portal) nobody is asked. */
export function useReadOnly(): boolean {
  return useContext(Scope)?.org.roleName === "Read Only";
}

const apis = new Map<string, Api>();

export function apiFor(org: OrganizationRef): Api {
  const known = apis.get(org.id);
  if (known) return known;
  const api = new Api({ orgId: org.id, slug: org.slug, door: "console" });
  apis.set(org.id, api);
  return api;
}
