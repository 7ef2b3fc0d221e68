import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  DirectoryObject,
  DirectoryProvider,
  DirectoryProviderCreate,
  DirectoryProviderCreated,
  DirectoryProviderWrite,
  DirectoryTokenCreated,
} from "./types.ts";

const base = "/api/v2/directoryproviders";

export const directoryProvidersQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "directory-providers"],
    queryFn: () => api.all<DirectoryProvider>(base),
  });

/** A directory that sends us people: its state changes while it is looked at. */
const WATCHED_MS = 5000;

export const directoryProviderQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "directory-provider", id],
    queryFn: ({ signal }) => api.get<DirectoryProvider>(`${base}/${id}`, { signal }),
    refetchInterval: WATCHED_MS,
  });

export const CAME_PER_PAGE = 50;

/** What came from a directory. */
export const cameQuery = (api: Api, id: string, what: "users" | "groups", search: string, page: number) =>
  queryOptions({
    queryKey: [api.orgId, "directory-provider", id, what, search, page],
    queryFn: ({ signal }) =>
      api.counted<DirectoryObject>(`${base}/${id}/${what}`, {
        signal,
        query: { search, limit: CAME_PER_PAGE, skip: page * CAME_PER_PAGE },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: WATCHED_MS,
  });

export const createDirectoryProvider = (api: Api, body: DirectoryProviderCreate) =>
  api.post<DirectoryProviderCreated>(base, body);
export const updateDirectoryProvider = (api: Api, id: string, body: DirectoryProviderWrite) =>
  api.put<DirectoryProvider>(`${base}/${id}`, body);
export const deleteDirectoryProvider = (api: Api, id: string) => api.delete(`${base}/${id}`);
export const rotateToken = (api: Api, id: string, overlap_s?: number) =>
  api.post<DirectoryTokenCreated>(`${base}/${id}/tokens`, overlap_s === undefined ? {} : { overlap_s });
export const deleteToken = (api: Api, id: string, token: string) => api.delete(`${base}/${id}/tokens/${token}`);
