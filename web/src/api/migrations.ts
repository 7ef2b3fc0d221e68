import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { Migration, MigrationItem, MigrationOutcome, MigrationSource, MigrationTest, Page } from "./types.ts";

const base = "/api/v2/imports/jumpcloud";
/** One that goes on is looked at so often. */
const WATCHED_MS = 1000;
export const RESULTS_PER_PAGE = 100;

export const isGoingOn = (one: Pick<Migration, "state">): boolean =>
  one.state === "reading" || one.state === "planning" || one.state === "applying";

export const migrationsQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "migrations"],
    queryFn: () => api.get<Page<Migration>>(base),
    select: (page) => page.results,
  });

export const migrationQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "migration", id],
    queryFn: ({ signal }) => api.get<Migration>(`${base}/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && !isGoingOn(state.data) ? false : WATCHED_MS),
  });

export interface ResultsAsked {
  outcome: MigrationOutcome;
  search: string;
  /** The place of the last one of the page before; 0: the first page. */
  after: number;
}

/**
 * A page of the results with an outcome, and whether another follows; `state` is part of the key, so that they are read
 * anew when it changes.
 */
export const migrationResultsQuery = (api: Api, id: string, state: string, asked: ResultsAsked) =>
  queryOptions({
    queryKey: [api.orgId, "migration", id, "results", state, asked],
    queryFn: async ({ signal }) => {
      const { outcome, search, after } = asked;
      const query = { outcome, search: search || undefined, after, limit: RESULTS_PER_PAGE + 1 };
      const { results } = await api.get<{ results: MigrationItem[] }>(`${base}/${id}/results`, { signal, query });
      return { items: results.slice(0, RESULTS_PER_PAGE), more: results.length > RESULTS_PER_PAGE };
    },
    placeholderData: keepPreviousData,
  });

export const testSource = (api: Api, source: MigrationSource) => api.post<MigrationTest>(`${base}/test`, source);
export const beginMigration = (api: Api, source: MigrationSource) => api.post<Migration>(base, source);
export const applyMigration = (api: Api, id: string, overwrite: boolean) =>
  api.post<Migration>(`${base}/${id}/apply`, { overwrite });
/** Leaves an object of a plan there, or takes that back. */
export const decideMigrated = (api: Api, id: string, seq: number, leave: boolean) =>
  api.put<unknown>(`${base}/${id}/decisions`, { seq, leave });
export const cancelMigration = (api: Api, id: string) => api.post<Migration>(`${base}/${id}/cancel`);

/** What did not simply come, as CSV; with an outcome, all that have it. */
export async function migrationReport(api: Api, id: string, outcome?: MigrationOutcome): Promise<Blob> {
  const path = `${base}/${id}/report${outcome ? `?outcome=${outcome}` : ""}`;
  const answer = await api.send("GET", path, { headers: { accept: "text/csv" } });
  return answer.blob();
}
