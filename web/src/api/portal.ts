import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { Api } from "./client.ts";
import type { AdministrationOpened, Me, PortalApplication, SignInSession, UserConsent } from "./types.ts";

/** The address names the organization by its slug; every later call names it by id. */
export const meQuery = (slug: string) =>
  queryOptions({
    queryKey: ["portal", slug, "me"],
    queryFn: ({ signal }) =>
      new Api({ orgId: "", slug, door: "portal" }).get<Me>("/api/v2/me", { signal, query: { org: slug } }),
    staleTime: 30_000,
  });

export interface PortalScope {
  api: Api;
  slug: string;
  me: Me;
}

const Scope = createContext<PortalScope | null>(null);
export const PortalProvider = Scope.Provider;

export function usePortal(): PortalScope {
  const scope = useContext(Scope);
  if (!scope) throw new Error("usePortal outside of the portal");
  return scope;
}

export const myApplicationsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["portal", api.slug, "applications"],
    queryFn: ({ signal }) => api.get<PortalApplication[]>("/api/v2/me/applications", { signal }),
  });

export const mySessionsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["portal", api.slug, "sessions"],
    queryFn: ({ signal }) => api.get<SignInSession[]>("/api/v2/me/sessions", { signal }),
  });

export const myConsentsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["portal", api.slug, "consents"],
    queryFn: ({ signal }) => api.get<UserConsent[]>("/api/v2/me/consents", { signal }),
  });

export const revokeMyConsent = (api: Api, id: string) => api.delete(`/api/v2/me/consents/${id}`);
/** Opens the console as oneself; tells where to go on. */
export const openAdministration = (api: Api) => api.post<AdministrationOpened>("/api/v2/me/administration");
export const updateMe = (api: Api, body: Partial<Me["user"]>) => api.put<Me>("/api/v2/me", body);
export const endMySession = (api: Api, id: string) => api.delete(`/api/v2/me/sessions/${id}`);
export const changeMyPassword = (api: Api, currentPassword: string, newPassword: string) =>
  api.post("/api/v2/me/password", { currentPassword, newPassword });
export const signOutPortal = (api: Api) => api.delete("/api/v2/me/session");
