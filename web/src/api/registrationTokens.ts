import { queryOptions } from "@tanstack/react-query";
import type { Api } from "./client.ts";
import type { RegistrationToken } from "./types.ts";

const PATH = "/api/v2/registration-tokens";

export const registrationTokensQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "registration-tokens"],
    queryFn: ({ signal }) => api.get<RegistrationToken[]>(PATH, { signal }),
  });

export interface NewRegistrationToken {
  description: string;
  uses: number;
  /** In seconds. */
  expiresIn: number;
}

export const createRegistrationToken = (api: Api, body: NewRegistrationToken) =>
  api.post<RegistrationToken>(PATH, body);
export const deleteRegistrationToken = (api: Api, id: string) => api.delete(`${PATH}/${id}`);
