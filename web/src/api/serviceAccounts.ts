import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { Page, Role, RoleInfo, ServiceAccount, ServiceAccountSecret } from "./types.ts";

const PATH = "/api/v2/service-accounts";

export const serviceAccountsQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "service-accounts"],
    queryFn: async ({ signal }) => (await api.get<Page<ServiceAccount>>(PATH, { signal })).results,
  });

export const rolesQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "roles"],
    queryFn: async ({ signal }) => (await api.get<Page<RoleInfo>>("/api/v2/roles", { signal })).results,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How long a secret may live, in days. */
export const lifetimes = [30, 90, 180, 365] as const;
const lived = (days: number) => ({ lifetime: `${days} Days` });

export const createServiceAccount = (api: Api, name: string, roleName: Role, days: number) =>
  api.post<ServiceAccount>(PATH, { name, roleName, ...lived(days) });
export const updateServiceAccount = (
  api: Api,
  id: string,
  body: Partial<Pick<ServiceAccount, "name" | "roleName" | "disabled">>,
) => api.put<ServiceAccount>(`${PATH}/${id}`, body);
export const deleteServiceAccount = (api: Api, id: string) => api.delete(`${PATH}/${id}`);
export const addServiceAccountSecret = (api: Api, id: string, days: number) =>
  api.post<ServiceAccountSecret>(`${PATH}/${id}/auth-config`, lived(days));
export const dropServiceAccountSecret = (api: Api, id: string, secret: string) =>
  api.delete(`${PATH}/${id}/auth-config/${secret}`);
