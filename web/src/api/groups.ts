import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  GraphConnection,
  GraphType,
  Member,
  Page,
  Preview,
  RuleVocabulary,
  UserGroup,
  UserGroupWrite,
} from "./types.ts";

export const GROUPS_PER_PAGE = 50;
export const MEMBERS_PER_PAGE = 50;
const dsl = { "x-query-dsl": "v2" };

export interface GroupListParams {
  search?: string;
  method?: string;
  page?: number;
}

function groupFilters(params: GroupListParams): string[] {
  const filters: string[] = [];
  if (params.search) filters.push(`name:search:${params.search}`);
  if (params.method) filters.push(`membershipMethod:eq:${params.method}`);
  return filters;
}

export const groupsQuery = (api: Api, params: GroupListParams) =>
  queryOptions({
    queryKey: [api.orgId, "groups", params],
    queryFn: ({ signal }) =>
      api.counted<UserGroup>("/api/v2/usergroups", {
        signal,
        headers: dsl,
        query: {
          limit: GROUPS_PER_PAGE,
          skip: (params.page ?? 0) * GROUPS_PER_PAGE,
          sort: "name",
          filter: groupFilters(params),
        },
      }),
    placeholderData: keepPreviousData,
  });

export const allGroupsQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "groups", "all"],
    queryFn: () => api.all<UserGroup>("/api/v2/usergroups", { headers: dsl, query: { sort: "name" } }),
  });

export const groupQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "group", id],
    queryFn: ({ signal }) => api.get<UserGroup>(`/api/v2/usergroups/${id}`, { signal, headers: dsl }),
  });

export const vocabularyQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "groups", "attributes"],
    queryFn: ({ signal }) => api.get<RuleVocabulary>("/api/v2/usergroups/attributes", { signal }),
  });

export const membersQuery = (api: Api, id: string, search: string, page: number) =>
  queryOptions({
    queryKey: [api.orgId, "group", id, "members", search, page],
    queryFn: ({ signal }) =>
      api.get<Page<Member>>(`/api/v2/usergroups/${id}/memberlist`, {
        signal,
        query: { search, limit: MEMBERS_PER_PAGE, skip: page * MEMBERS_PER_PAGE },
      }),
    placeholderData: keepPreviousData,
  });

export type RuleDraft = Required<Pick<UserGroupWrite, "membershipMethod" | "memberQuery" | "memberQueryExemptions">>;

export const previewGroup = (api: Api, groupId: string | undefined, rule: RuleDraft) =>
  api.post<Preview>("/api/v2/usergroups/preview", { groupId, ...rule }, { headers: dsl });
export const createGroup = (api: Api, body: UserGroupWrite) =>
  api.post<UserGroup>("/api/v2/usergroups", body, { headers: dsl });
export const updateGroup = (api: Api, id: string, body: UserGroupWrite) =>
  api.put<UserGroup>(`/api/v2/usergroups/${id}`, body, { headers: dsl });
export const deleteGroup = (api: Api, id: string) => api.delete(`/api/v2/usergroups/${id}`);
export const changeMember = (api: Api, group: string, op: "add" | "remove", user: string) =>
  api.post(`/api/v2/usergroups/${group}/members`, { op, type: "user", id: user });

// ---- bindings of applications and groups: one graph, asked and changed from either side

export async function bound(api: Api, of: "usergroups" | "applications", id: string, targets: GraphType) {
  const found = await api.all<GraphConnection>(`/api/v2/${of}/${id}/associations`, { query: { targets } });
  return found.map((edge) => edge.to.id);
}

export const groupApplicationsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "group", id, "applications"],
    queryFn: () => bound(api, "usergroups", id, "application"),
  });

export const applicationGroupsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "groups"],
    queryFn: () => bound(api, "applications", id, "user_group"),
  });

export const bindGroup = (api: Api, application: string, op: "add" | "remove", group: string) =>
  api.post(`/api/v2/applications/${application}/associations`, { op, type: "user_group", id: group });
