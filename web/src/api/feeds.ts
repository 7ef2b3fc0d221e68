import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import { ApiError } from "./client.ts";
import type {
  FeedAction,
  FeedDecide,
  FeedDecision,
  FeedResult,
  FeedRun,
  FeedSource,
  FeedSourceWrite,
  ProvisionTest,
} from "./types.ts";

const at = (id: string, more: string) => `/api/v2/directoryproviders/${id}${more}`;
const key = (api: Api, id: string) => [api.orgId, "directory-provider", id, "source"];

/** How often what goes on is looked at. */
const GOING_MS = 800;
const RESTING_MS = 5000;

/** Where a directory is read; `null`: nothing has been entered. */
export const sourceQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: key(api, id),
    queryFn: async ({ signal }) => {
      try {
        return await api.get<FeedSource>(at(id, "/source"), { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: (query) => (query.state.data?.openRun ? GOING_MS : RESTING_MS),
  });

export const isOpen = (run: FeedRun | undefined) => run?.state === "waiting" || run?.state === "running";

export const runsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...key(api, id), "runs"],
    queryFn: ({ signal }) => api.counted<FeedRun>(at(id, "/runs"), { signal, query: { limit: 20 } }),
    refetchInterval: (query) => (isOpen(query.state.data?.items[0]) ? GOING_MS : RESTING_MS),
  });

export const RESULTS_PER_PAGE = 50;

export const resultsQuery = (api: Api, id: string, run: FeedRun, action: FeedAction | undefined, page: number) =>
  queryOptions({
    queryKey: [...key(api, id), "runs", run.id, "results", action ?? "", page, run.done, run.state],
    queryFn: ({ signal }) =>
      api.counted<FeedResult>(at(id, `/runs/${run.id}/results`), {
        signal,
        query: { action, limit: RESULTS_PER_PAGE, skip: page * RESULTS_PER_PAGE },
      }),
    placeholderData: keepPreviousData,
  });

/** What was decided about people and groups of a directory. */
export const feedDecisionsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...key(api, id), "decisions"],
    queryFn: ({ signal }) => api.get<FeedDecision[]>(at(id, "/decisions"), { signal }),
  });

/** Decides about one of the directory's objects; without a decision it is taken back. */
export const decideFed = (api: Api, id: string, body: FeedDecide) => api.put<unknown>(at(id, "/decisions"), body);

export const saveSource = (api: Api, id: string, body: FeedSourceWrite) => api.put<FeedSource>(at(id, "/source"), body);
export const testSource = (api: Api, id: string, body: FeedSourceWrite) =>
  api.post<ProvisionTest>(at(id, "/test"), body);
export const askRun = (api: Api, id: string, what: "plan" | "run" | "approve") =>
  api.post<FeedRun>(at(id, `/${what}`), {});
export const setPaused = (api: Api, id: string, paused: boolean) =>
  api.post<FeedSource>(at(id, paused ? "/pause" : "/resume"), {});
