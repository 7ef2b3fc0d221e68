import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { ScheduledState, ScheduledStatus } from "./types.ts";

const PATH = "/api/v2/bulk/userstates";
export const SCHEDULED_PER_PAGE = 50;
const OF_ONE_MAX = 100;

/** A page of an organization's scheduled changes: those that wait, or those that were done or failed. */
export const scheduledQuery = (api: Api, status: ScheduledStatus, page = 0) =>
  queryOptions({
    queryKey: [api.orgId, "scheduled", "all", status, page],
    queryFn: ({ signal }) => {
      const query = { status, limit: SCHEDULED_PER_PAGE, skip: page * SCHEDULED_PER_PAGE };
      return api.counted<ScheduledState>(PATH, { signal, query });
    },
    placeholderData: keepPreviousData,
  });

const DUE_WATCHED_MS = 2000;
const LOOKED_AT_LEAST_EVERY_MS = 3_600_000;

/** When what waits is to be looked at again: as the next of it comes due, and then until it is done. */
function untilDue_ms(waiting: ScheduledState[] | undefined): number | false {
  const [next] = waiting ?? [];
  if (!next) return false;
  const left_ms = Date.parse(next.scheduledDate) - Date.now();
  return Math.min(Math.max(left_ms, DUE_WATCHED_MS), LOOKED_AT_LEAST_EVERY_MS);
}

/** What waits for one person, the next first. */
export const scheduledOfQuery = (api: Api, userid: string) =>
  queryOptions({
    queryKey: [api.orgId, "scheduled", "of", userid],
    queryFn: ({ signal }) => api.get<ScheduledState[]>(PATH, { signal, query: { userid, limit: OF_ONE_MAX } }),
    refetchInterval: ({ state }) => untilDue_ms(state.data),
  });

/** The next activation and suspension of each of at most 100 people. */
export const nextScheduledQuery = (api: Api, ids: string[]) =>
  queryOptions({
    queryKey: [api.orgId, "scheduled", "next", ids],
    queryFn: async ({ signal }) => {
      const query = { users: ids.join(","), limit: 2 * ids.length };
      return (await api.get<{ results: ScheduledState[] }>(`${PATH}/eventlist/next`, { signal, query })).results;
    },
    enabled: ids.length > 0,
  });

/** How many wait. */
export const waitingCountQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "scheduled", "count"],
    queryFn: async ({ signal }) => (await api.counted<unknown>(PATH, { signal, query: { limit: 1 } })).total,
  });

export interface NewSchedule {
  user_ids: string[];
  state: "ACTIVATED" | "SUSPENDED";
  start_date: string;
  send_activation_emails?: boolean;
}

export const scheduleStates = (api: Api, body: NewSchedule) => api.post<ScheduledState[]>(PATH, body);
export const cancelScheduled = (api: Api, id: string) => api.delete(`${PATH}/${id}`);
