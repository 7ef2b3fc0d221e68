import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  Discovery,
  IdentityProvider,
  IdentityProviderWrite,
  IdpCheck,
  Page,
  RoutingPolicy,
  RoutingPolicyWrite,
} from "./types.ts";

export const identityProvidersQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "identity-providers"],
    queryFn: async ({ signal }) => {
      const path = "/api/v2/identity-providers";
      return (await api.get<{ identityProviders: IdentityProvider[] }>(path, { signal })).identityProviders;
    },
  });

export const identityProviderQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "identity-provider", id],
    queryFn: ({ signal }) => api.get<IdentityProvider>(`/api/v2/identity-providers/${id}`, { signal }),
  });

export const policiesQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "routing-policies"],
    queryFn: async ({ signal }) => {
      const page = await api.get<Page<RoutingPolicy>>("/api/v2/identity-provider/policies", {
        signal,
        query: { limit: 100 },
      });
      return page.results.toSorted((a, b) => a.order - b.order);
    },
  });

export const discover = (api: Api, body: { url: string; type: string; metadata?: string; id?: string }) =>
  api.post<Discovery>("/api/v2/identity-providers/discover", body);
export const createIdentityProvider = (api: Api, body: IdentityProviderWrite) =>
  api.post<IdentityProvider>("/api/v2/identity-providers", body);
export const updateIdentityProvider = (api: Api, id: string, body: IdentityProviderWrite) =>
  api.put<IdentityProvider>(`/api/v2/identity-providers/${id}`, body);
export const deleteIdentityProvider = (api: Api, id: string) => api.delete(`/api/v2/identity-providers/${id}`);
export const checkIdentityProvider = (api: Api, id: string) =>
  api.post<IdpCheck>(`/api/v2/identity-providers/${id}/check`, {});
export const createPolicy = (api: Api, body: RoutingPolicyWrite) =>
  api.post<RoutingPolicy>("/api/v2/identity-provider/policies", body);
export const updatePolicy = (api: Api, id: string, body: RoutingPolicyWrite) =>
  api.put<RoutingPolicy>(`/api/v2/identity-provider/policies/${id}`, body);
export const deletePolicy = (api: Api, id: string) => api.delete(`/api/v2/identity-provider/policies/${id}`);
