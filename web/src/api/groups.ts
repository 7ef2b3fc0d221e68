import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type {
  GraphConnection,
  GraphType,
  GroupCopy,
  Member,
  MemberQuery,
  MembershipLag,
  MembershipReason,
  Page,
  Preview,
  RuleCount,
  RuleExpression,
  RuleVocabulary,
  Suggestion,
  UserGroup,
  UserGroupWrite,
} from "./types.ts";

export const GROUPS_PER_PAGE = 50;
export const MEMBERS_PER_PAGE = 50;
const dsl = { "x-query-dsl": "v2" };

/** What a group holds. */
export type GroupKind = "user" | "device";
const base = (kind: GroupKind) => (kind === "user" ? "/api/v2/usergroups" : "/api/v2/systemgroups");

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

export const groupsQuery = (api: Api, params: GroupListParams, kind: GroupKind = "user") =>
  queryOptions({
    queryKey: [api.orgId, "groups", kind, params],
    queryFn: ({ signal }) =>
      api.counted<UserGroup>(base(kind), {
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

/** How long memberships took to follow a change. */
export const membershipLagQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "groups", "lag"],
    queryFn: ({ signal }) => api.get<MembershipLag>("/api/v2/groups/lag", { signal }),
  });

export const allGroupsQuery = (api: Api, kind: GroupKind = "user") =>
  queryOptions({
    queryKey: [api.orgId, "groups", kind, "all"],
    queryFn: () => api.all<UserGroup>(base(kind), { headers: dsl, query: { sort: "name" } }),
  });

export const groupQuery = (api: Api, id: string, kind: GroupKind = "user") =>
  queryOptions({
    queryKey: [api.orgId, "group", id],
    queryFn: ({ signal }) => api.get<UserGroup>(`${base(kind)}/${id}`, { signal, headers: dsl }),
    // While its members are being worked out, how far it is.
    refetchInterval: (query) => (query.state.data?.memberUpdate ? 1000 : false),
  });

export const vocabularyQuery = (api: Api, kind: GroupKind = "user") =>
  queryOptions({
    queryKey: [api.orgId, "groups", kind, "attributes"],
    queryFn: ({ signal }) => api.get<RuleVocabulary>(`${base(kind)}/attributes`, { signal }),
  });

export const membersQuery = (api: Api, id: string, search: string, page: number, kind: GroupKind = "user") =>
  queryOptions({
    queryKey: [api.orgId, "group", id, "members", search, page],
    queryFn: ({ signal }) =>
      api.get<Page<Member>>(`${base(kind)}/${id}/memberlist`, {
        signal,
        query: { search, limit: MEMBERS_PER_PAGE, skip: page * MEMBERS_PER_PAGE },
      }),
    placeholderData: keepPreviousData,
  });

export type RuleDraft = Required<
  Pick<UserGroupWrite, "membershipMethod" | "memberQuery" | "excludeQuery" | "memberGroups" | "memberQueryExemptions">
>;

export interface PreviewPart {
  search?: string;
  skip?: number;
  limit?: number;
}

export const previewGroup = (
  api: Api,
  groupId: string | undefined,
  rule: RuleDraft,
  kind: GroupKind = "user",
  part: PreviewPart = {},
) => api.post<Preview>(`${base(kind)}/preview`, { groupId, ...rule, ...part }, { headers: dsl });

/** How many meet a rule that is being written; ends when the next is asked. */
export const ruleCountQuery = (api: Api, kind: GroupKind, asked: string) =>
  queryOptions({
    queryKey: [api.orgId, "groups", kind, "count", asked],
    queryFn: ({ signal }) => api.post<RuleCount>(`${base(kind)}/count`, JSON.parse(asked), { headers: dsl, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    // Counted anew when the editor is opened again.
    gcTime: 60_000,
  });

/** A rule read while it is being written: the text as a tree, or a tree as text. */
export const readExpression = (
  api: Api,
  kind: GroupKind,
  of: { expression: string; cursor?: number } | { memberQuery: MemberQuery },
) => api.post<RuleExpression>(`${base(kind)}/expression`, of);

export const createGroup = (api: Api, body: UserGroupWrite, kind: GroupKind = "user") =>
  api.post<UserGroup>(base(kind), body, { headers: dsl });
export const updateGroup = (api: Api, id: string, body: UserGroupWrite, kind: GroupKind = "user") =>
  api.put<UserGroup>(`${base(kind)}/${id}`, body, { headers: dsl });
export const deleteGroup = (api: Api, id: string, kind: GroupKind = "user") => api.delete(`${base(kind)}/${id}`);
export const copyGroup = (api: Api, id: string, body: GroupCopy, kind: GroupKind) =>
  api.post<UserGroup>(`${base(kind)}/${id}/copy`, body, { headers: dsl });
export const changeMember = (api: Api, group: string, op: "add" | "remove", member: string, kind: GroupKind = "user") =>
  api.post(`${base(kind)}/${group}/members`, { op, type: kind === "user" ? "user" : "system", id: member });

export const suggestionsQuery = (api: Api, id: string, kind: GroupKind) =>
  queryOptions({
    queryKey: [api.orgId, "group", id, "suggestions"],
    queryFn: () => api.all<Suggestion>(`${base(kind)}/${id}/suggestions`),
  });

/** Accepts or rejects suggestions: these, or all that wait. */
export const decideSuggestions = (
  api: Api,
  id: string,
  kind: GroupKind,
  ids: string[] | "all",
  accept: boolean,
  confirmed = false,
) =>
  api.post(`${base(kind)}/${id}/suggestions${accept ? "" : "/reject"}`, {
    confirmed,
    ...(ids === "all" ? { all: true } : { [kind === "user" ? "user_ids" : "system_ids"]: ids }),
  });

export const reasonQuery = (api: Api, group: string, member: string, kind: GroupKind, at: string) =>
  queryOptions({
    queryKey: [api.orgId, "group", group, "reason", member, at],
    queryFn: ({ signal }) =>
      api.get<MembershipReason>(`${base(kind)}/${group}/members/${member}/explain`, {
        signal,
        query: at ? { at } : {},
      }),
  });

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
