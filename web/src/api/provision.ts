import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Api, ApiError } from "./client.ts";
import type {
  Drift,
  ImportJob,
  ImportJobCreated,
  ImportJobWrite,
  ImportList,
  ImportUsers,
  Provision,
  ProvisionDecide,
  ProvisionObject,
  ProvisionPlan,
  ProvisionReading,
  ProvisionStatus,
  ProvisionTape,
  ProvisionTest,
  ProvisionWrite,
} from "./types.ts";

const at = (id: string, more = "") => `/api/v2/applications/${id}/provision${more}`;

/** How accounts are sent to an application; null where that was never set up. */
export const provisionQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "provision"],
    queryFn: async ({ signal }): Promise<Provision | null> => {
      try {
        return await api.get<Provision>(at(id), { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });

/** How often the state of a running application is asked for. */
const WATCHED_MS = 2000;

export const provisionStatusQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "provision", "status"],
    queryFn: ({ signal }) => api.get<ProvisionStatus>(at(id, "/status"), { signal }),
    refetchInterval: WATCHED_MS,
  });

export const OBJECTS_PER_PAGE = 25;

export interface ObjectListParams {
  state?: string;
  kind?: string;
  search?: string;
  page: number;
}

export const provisionObjectsQuery = (api: Api, id: string, { state, kind, search, page }: ObjectListParams) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "provision", "objects", { state, kind, search, page }],
    queryFn: ({ signal }) =>
      api.counted<ProvisionObject>(at(id, "/objects"), {
        signal,
        query: { state, kind, search, skip: page * OBJECTS_PER_PAGE, limit: OBJECTS_PER_PAGE },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: WATCHED_MS,
  });

type Key = Pick<ProvisionObject, "kind" | "id">;
const object = (id: string, one: Key, more = "") => at(id, `/objects/${one.kind}/${encodeURIComponent(one.id)}${more}`);

export const provisionTapeQuery = (api: Api, id: string, one: Key) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "provision", "object", one.kind, one.id],
    queryFn: ({ signal }) => api.get<ProvisionTape>(object(id, one), { signal }),
    refetchInterval: WATCHED_MS,
  });

export const saveProvision = (api: Api, id: string, body: ProvisionWrite) => api.put<Provision>(at(id), body);
export const testProvision = (api: Api, id: string, body: ProvisionWrite) =>
  api.post<ProvisionTest>(at(id, "/test"), body);

// What reads an application whole answers with what came of it, or with a reading to follow (`readings.ts`).

export const previewProvision = (api: Api, id: string, body?: ProvisionWrite, signal?: AbortSignal) =>
  api.post<ProvisionPlan | ProvisionReading>(at(id, "/preview"), body, { signal });
export const readDrift = (api: Api, id: string, signal?: AbortSignal) =>
  api.post<Drift | ProvisionReading>(at(id, "/drift"), {}, { signal });
export const repairDrift = (api: Api, id: string, signal?: AbortSignal) =>
  api.post<unknown>(at(id, "/repair"), {}, { signal });

export type ProvisionVerb = "activate" | "deactivate" | "pause" | "resume" | "approve";
export const changeProvision = (api: Api, id: string, verb: ProvisionVerb) =>
  api.post<Provision>(at(id, `/${verb}`), {});
export const retryObject = (api: Api, id: string, one: Key, how: "retry" | "resend") =>
  api.post<unknown>(object(id, one, `/${how}`), {});
/** Decides about a person or group before it is sent; without a decision it is taken back. */
export const decideObject = (api: Api, id: string, body: ProvisionDecide) =>
  api.put<unknown>(at(id, "/decisions"), body);

// ---- users taken from an application

export const IMPORT_PER_PAGE = 100;

/** Reads the application whole, where that was not done before. */
export type ReadWhole = <T>(ask: (signal: AbortSignal) => Promise<unknown>, outer?: AbortSignal) => Promise<T>;

interface ImportListParams {
  search: string;
  page: number;
  /** The list that was read before: the application is not read again for each page of it. */
  list: string | undefined;
}

export const importUsersQuery = (api: Api, id: string, { search, page, list }: ImportListParams, read: ReadWhole) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "import", search, page],
    queryFn: async ({ signal: outer }): Promise<ImportUsers> => {
      const ask = (sessionId: string | undefined, signal: AbortSignal) =>
        api.get<ImportUsers | ProvisionReading>(`/api/v2/applications/${id}/import/users`, {
          signal,
          query: { filter: search, limit: IMPORT_PER_PAGE, skip: page * IMPORT_PER_PAGE, sessionId },
        });
      const first = await read<ImportUsers | ImportList>((signal) => ask(list, signal), outer);
      return "users" in first ? first : read<ImportUsers>((signal) => ask(first.session_id, signal), outer);
    },
    placeholderData: keepPreviousData,
    retry: false,
  });

export const startImport = (api: Api, id: string, body: ImportJobWrite) =>
  api.post<ImportJobCreated>(`/api/v2/applications/${id}/import/jobs`, body);

/** Whoever was taken in stays. */
export const stopImport = (api: Api, id: string, job: string) =>
  api.delete(`/api/v2/applications/${id}/import/jobs/${job}`);

const JOB_WATCHED_MS = 800;
export const isDone = (job: ImportJob | undefined) => job !== undefined && job.status !== "RUNNING";

export const importJobQuery = (api: Api, job: string) =>
  queryOptions({
    queryKey: [api.orgId, "import-job", job],
    queryFn: ({ signal }) => api.get<ImportJob>(`/api/v2/applications/import/${job}/detailedresults`, { signal }),
    refetchInterval: (query) => (isDone(query.state.data) ? false : JOB_WATCHED_MS),
  });
