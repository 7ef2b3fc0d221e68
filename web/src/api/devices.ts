import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  Device,
  DeviceChanges,
  DeviceImport,
  DeviceOfUser,
  DeviceSudo,
  DeviceUser,
  DeviceWrite,
  Page,
} from "./types.ts";

export const DEVICES_PER_PAGE = 50;

export interface DeviceListParams {
  search?: string;
  family?: string;
  encryption?: string;
  expression?: string;
  page?: number;
}

function filtersOf(params: DeviceListParams): Record<string, string> {
  const filters: string[] = [];
  if (params.family) filters.push(`osFamily:$eq:${params.family}`);
  if (params.encryption === "on") filters.push("fde.active:$eq:true");
  if (params.encryption === "off") filters.push("fde.active:$eq:false");
  return Object.fromEntries(filters.map((filter, index) => [`filter[${index}]`, filter]));
}

export const devicesQuery = (api: Api, params: DeviceListParams) =>
  queryOptions({
    queryKey: [api.orgId, "devices", params],
    queryFn: ({ signal }) =>
      api.get<Page<Device>>("/api/systems", {
        signal,
        query: {
          limit: DEVICES_PER_PAGE,
          skip: (params.page ?? 0) * DEVICES_PER_PAGE,
          sort: "displayName",
          search: params.search,
          expression: params.expression,
          ...filtersOf(params),
        },
      }),
    placeholderData: keepPreviousData,
  });

export const deviceSearchQuery = (api: Api, search: string, limit = 20) =>
  queryOptions({
    queryKey: [api.orgId, "devices", "search", search, limit],
    queryFn: ({ signal }) =>
      api.get<Page<Device>>("/api/systems", { signal, query: { limit, search, sort: "displayName" } }),
    placeholderData: keepPreviousData,
  });

export const deviceQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "device", id],
    queryFn: ({ signal }) => api.get<Device>(`/api/systems/${id}`, { signal }),
  });

export const deviceUsersQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "device", id, "users"],
    queryFn: ({ signal }) => api.get<DeviceUser[]>(`/api/v2/systems/${id}/userlist`, { signal }),
  });

export const devicesOfUserQuery = (api: Api, user: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", user, "devices"],
    queryFn: ({ signal }) => api.get<DeviceOfUser[]>(`/api/v2/users/${user}/devicelist`, { signal }),
  });

export function deviceChanges(api: Api, id: string, before: number | undefined): Promise<DeviceChanges> {
  return api.get<DeviceChanges>(`/api/v2/systems/${id}/changes`, { query: { limit: 25, before } });
}

export const updateDevice = (api: Api, id: string, body: DeviceWrite) => api.put<Device>(`/api/systems/${id}`, body);
export const deleteDevice = (api: Api, id: string) => api.delete(`/api/systems/${id}`);

/** Says whose a device is; `null`: nobody's. */
export const setOwner = (api: Api, id: string, owner: string | null) =>
  updateDevice(api, id, { primarySystemUser: owner === null ? null : { id: owner } });

export type EdgeOp = "add" | "update" | "remove";

/** Puts a person on a device, changes what they may do there, or takes them off. */
export const changeDeviceUser = (api: Api, device: string, op: EdgeOp, user: string, sudo?: DeviceSudo) =>
  api.post(`/api/v2/systems/${device}/associations`, {
    op,
    type: "user",
    id: user,
    attributes: sudo && { sudo },
  });

export const importDevices = (api: Api, file: { type: string; text: string }) =>
  api.json<DeviceImport>("POST", "/api/v2/systems/import", { text: file });
