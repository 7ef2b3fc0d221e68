import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { Attention } from "./types.ts";

/** How often it is looked whether something needs an administrator. */
const WATCHED_MS = 30_000;

export const attentionQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "attention"],
    queryFn: ({ signal }) => api.get<Attention>("/api/v2/attention", { signal }),
    refetchInterval: WATCHED_MS,
  });
