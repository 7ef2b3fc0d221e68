import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  EndedSession,
  GraphPath,
  Page,
  PasswordStatus,
  PeopleImport,
  PeopleImported,
  SentLink,
  SignInEvent,
  SignInSession,
  SshKey,
  User,
  UserConsent,
  UserGroupRef,
  UserWrite,
} from "./types.ts";

export const USERS_PER_PAGE = 50;

export interface UserListParams {
  search?: string;
  state?: string;
  status?: string;
  expression?: string;
  sort?: string;
  page?: number;
}

/** What the column Password Status may say. */
export const passwordStatuses: PasswordStatus[] = [
  "Active",
  "Password Pending",
  "Expired",
  "Locked",
  "Federated Managed by External IdP",
  "Password Externally Managed",
];

function filtersOf(params: UserListParams): Record<string, string> {
  const filters: string[] = [];
  if (params.state) filters.push(`state:$eq:${params.state}`);
  if (params.status) filters.push(`passwordStatus:$eq:${params.status}`);
  const [only] = filters;
  if (only && filters.length === 1) return { filter: only };
  return Object.fromEntries(filters.map((filter, index) => [`filter[${index}]`, filter]));
}

export const usersQuery = (api: Api, params: UserListParams) =>
  queryOptions({
    queryKey: [api.orgId, "users", params],
    queryFn: ({ signal }) =>
      api.get<Page<User>>("/api/systemusers", {
        signal,
        query: {
          limit: USERS_PER_PAGE,
          skip: (params.page ?? 0) * USERS_PER_PAGE,
          sort: params.sort ?? "username",
          search: params.search,
          expression: params.expression,
          ...filtersOf(params),
        },
      }),
    placeholderData: keepPreviousData,
  });

/** How many people there are of a state or password status. */
export const userCountQuery = (api: Api, params: Pick<UserListParams, "state" | "status">) =>
  queryOptions({
    queryKey: [api.orgId, "users", "count", params],
    queryFn: async ({ signal }) => {
      const query = { limit: 1, fields: "_id", ...filtersOf(params) };
      return (await api.get<Page<Pick<User, "_id">>>("/api/systemusers", { signal, query })).totalCount;
    },
  });

export const userSearchQuery = (api: Api, search: string, limit = 20) =>
  queryOptions({
    queryKey: [api.orgId, "users", "search", search, limit],
    queryFn: ({ signal }) =>
      api.get<Page<User>>("/api/systemusers", { signal, query: { limit, search, sort: "username" } }),
    placeholderData: keepPreviousData,
  });

export const userQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id],
    queryFn: ({ signal }) => api.get<User>(`/api/systemusers/${id}`, { signal }),
  });

export const userGroupsOfQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "groups"],
    queryFn: ({ signal }) => api.get<UserGroupRef[]>(`/api/v2/users/${id}/usergroups`, { signal }),
  });

export const userApplicationsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "applications"],
    queryFn: () => api.all<GraphPath>(`/api/v2/users/${id}/applications`),
  });

export const userSessionsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "sessions"],
    queryFn: ({ signal }) => api.get<SignInSession[]>(`/api/v2/users/${id}/sessions`, { signal }),
  });

export const userConsentsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "consents"],
    queryFn: ({ signal }) => api.get<UserConsent[]>(`/api/v2/users/${id}/consents`, { signal }),
  });

export const revokeConsent = (api: Api, user: string, id: string) => api.delete(`/api/v2/users/${user}/consents/${id}`);
export const endedSessionsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "sessions", "ended"],
    queryFn: ({ signal }) => api.get<EndedSession[]>(`/api/v2/users/${id}/sessions/ended`, { signal }),
  });

export const sshKeysQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "user", id, "sshkeys"],
    queryFn: ({ signal }) => api.get<SshKey[]>(`/api/systemusers/${id}/sshkeys`, { signal }),
  });
export const addSshKey = (api: Api, id: string, key: Pick<SshKey, "name" | "public_key">) =>
  api.post<SshKey>(`/api/systemusers/${id}/sshkeys`, key);
export const removeSshKey = (api: Api, id: string, key: string) => api.delete(`/api/systemusers/${id}/sshkeys/${key}`);

/** Whose manager this person is. */
export const reportsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "users", "reports", id],
    queryFn: ({ signal }) =>
      api.get<Page<User>>("/api/systemusers", { signal, query: { limit: 5, filter: `manager:$eq:${id}` } }),
  });

export interface EventPage {
  results: SignInEvent[];
  cursor?: string | null;
}

export function userEvents(api: Api, id: string, cursor: string | undefined): Promise<EventPage> {
  return api.get<EventPage>(`/api/v2/users/${id}/events`, { query: { limit: 25, cursor } });
}

export const createUser = (api: Api, body: UserWrite) => api.post<User>("/api/systemusers", body);
export const updateUser = (api: Api, id: string, body: UserWrite) => api.put<User>(`/api/systemusers/${id}`, body);
/** Those whose manager this was have none afterwards. */
export const deleteUser = (api: Api, id: string) => api.delete(`/api/systemusers/${id}?cascade_manager=null`);
export const unlockUser = (api: Api, id: string) => api.post(`/api/systemusers/${id}/unlock`, {});
export const expirePassword = (api: Api, id: string) => api.post(`/api/systemusers/${id}/expire`, {});
export const suspendUser = (api: Api, id: string) => api.post(`/api/systemusers/${id}/state/suspend`, {});
export const activateUser = (api: Api, id: string) =>
  api.post<Partial<User> | undefined>(`/api/systemusers/${id}/state/activate`, {});
export const setPassword = (api: Api, id: string, password: string) =>
  api.post(`/api/systemusers/${id}/password`, { password });
export const sendActivation = (api: Api, id: string) => api.post<SentLink>(`/api/v2/users/${id}/activation`, {});
export const sendReset = (api: Api, id: string) => api.post<SentLink>(`/api/v2/users/${id}/passwordreset`, {});
export const endSessions = (api: Api, id: string) => api.delete(`/api/v2/users/${id}/sessions`);
export const endSession = (api: Api, id: string, session: string) =>
  api.delete(`/api/v2/users/${id}/sessions/${session}`);

/** At most 1,000 rows at a time; with `dryRun` nothing is kept. */
export const importPeople = (api: Api, body: PeopleImport, signal?: AbortSignal) =>
  api.post<PeopleImported>("/api/v2/users/import", body, { signal });

/** All people as CSV, in the columns that the import takes. */
export async function exportPeople(api: Api): Promise<Blob> {
  const answer = await api.send("GET", "/api/v2/users/export", { headers: { accept: "text/csv" } });
  return answer.blob();
}
