import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import { rootApi } from "./org.tsx";
import type {
  Administrator,
  ApiKey,
  Organization,
  OrganizationSettings,
  Page,
  Role,
  SigningAlg,
  SigningKey,
} from "./types.ts";

export const organizationQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "organization"],
    queryFn: ({ signal }) => api.get<Organization>(`/api/organizations/${api.orgId}`, { signal }),
  });

export const updateOrganization = (
  api: Api,
  body: { displayName?: string; settings?: Partial<OrganizationSettings> },
): Promise<Organization> => api.put<Organization>(`/api/organizations/${api.orgId}`, body);

export const organizationLogoPath = (api: Api) => `/api/v2/organizations/${api.orgId}/logo`;

export const administratorsQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "administrators"],
    queryFn: ({ signal }) => api.get<Page<Administrator>>("/api/users", { signal, query: { limit: 100 } }),
  });

export const createAdministrator = (
  api: Api,
  body: Pick<Administrator, "email" | "firstname" | "lastname" | "roleName">,
) => api.post<Administrator>("/api/users", body);
export const setAdministratorRole = (api: Api, id: string, roleName: Role) =>
  api.put<Administrator>(`/api/users/${id}`, { roleName });
export const deleteAdministrator = (api: Api, id: string) => api.delete(`/api/users/${id}`);

export const createApiKey = (api: Api) => api.post<ApiKey>("/api/v2/administrators/me/apikey", {});
export const deleteApiKey = (api: Api) => api.delete("/api/v2/administrators/me/apikey");

export const keysQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "keys"],
    queryFn: ({ signal }) => api.get<SigningKey[]>("/api/v2/keys", { signal }),
  });
export const rotateKey = (api: Api, alg: SigningAlg) => api.post("/api/v2/keys/rotate", { alg });

export interface TenantList {
  results: { id: string; displayName?: string; name?: string; slug?: string; logoUrl?: string | null }[];
  totalCount: number;
}

export const tenantsQuery = (provider: string) =>
  queryOptions({
    queryKey: ["provider", provider, "organizations"],
    queryFn: ({ signal }) =>
      rootApi.get<TenantList>(`/api/v2/providers/${provider}/organizations`, { signal, query: { limit: 100 } }),
  });
export const createTenant = (provider: string, name: string) =>
  rootApi.post<{ id: string; name: string; slug?: string }>(`/api/v2/providers/${provider}/organizations`, { name });
export const signOutConsole = () => rootApi.delete("/api/v2/session");
