import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { AttributeDeclaration, AttributeDeclare } from "./types.ts";

const PATH = "/api/v2/attributes";

export const attributesQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "attributes"],
    queryFn: ({ signal }) => api.get<AttributeDeclaration[]>(PATH, { signal }),
  });

export const declareAttribute = (api: Api, body: AttributeDeclare) => api.put<AttributeDeclaration>(PATH, body);
export const removeAttribute = (api: Api, name: string) => api.delete(`${PATH}/${encodeURIComponent(name)}`);
