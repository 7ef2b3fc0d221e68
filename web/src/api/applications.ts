import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Api, ApiError } from "./client.ts";
import type {
  Application,
  ApplicationAttribute,
  ApplicationSaml,
  ApplicationSso,
  ApplicationSsoWrite,
  ApplicationWrite,
  OidcWrite,
  Page,
  Saml,
  SamlExchange,
  SamlExchangeSummary,
} from "./types.ts";
import type { EventPage } from "./users.ts";

const PAGE = 100;

async function allApplications(api: Api): Promise<Application[]> {
  const found: Application[] = [];
  for (;;) {
    const page = await api.get<Page<Application>>("/api/applications", {
      query: { limit: PAGE, skip: found.length, sort: "displayLabel" },
    });
    found.push(...page.results);
    if (page.results.length < PAGE || found.length >= page.totalCount) return found;
  }
}

export const applicationsQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "applications"],
    queryFn: () => allApplications(api),
    placeholderData: keepPreviousData,
  });

export const applicationQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id],
    queryFn: ({ signal }) => api.get<Application>(`/api/applications/${id}`, { signal }),
  });

/** Null while single sign-on has not been set up for the application. */
export const ssoQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "sso"],
    queryFn: async ({ signal }): Promise<ApplicationSso | null> => {
      try {
        return await api.get<ApplicationSso>(`/api/v2/applications/${id}/sso`, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });

/** The settings of an application that signs in by SAML. */
export const samlQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "saml"],
    queryFn: ({ signal }) => api.get<ApplicationSaml>(`/api/v2/applications/${id}/saml`, { signal }),
  });

/** The last SAML exchanges of an application, the newest first. */
export const samlMessagesQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "saml", "messages"],
    queryFn: async ({ signal }) => {
      const path = `/api/v2/applications/${id}/saml/messages`;
      return (await api.get<{ results: SamlExchangeSummary[] }>(path, { signal })).results;
    },
  });

export const samlMessageQuery = (api: Api, id: string, message: string) =>
  queryOptions({
    queryKey: [api.orgId, "application", id, "saml", "messages", message],
    queryFn: ({ signal }) => api.get<SamlExchange>(`/api/v2/applications/${id}/saml/messages/${message}`, { signal }),
  });

export const testSaml = (api: Api, id: string, body: { userId: string; messageId?: string }) =>
  api.post<SamlExchange>(`/api/v2/applications/${id}/saml/test`, body);

/** Sign-ins at an application, the newest first. */
export function applicationEvents(api: Api, id: string, cursor: string | undefined): Promise<EventPage> {
  return api.get<EventPage>(`/api/v2/applications/${id}/events`, { query: { limit: 25, cursor } });
}

export const attributesQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.orgId, "applications", "attributes"],
    queryFn: ({ signal }) =>
      api.get<{ attributes: ApplicationAttribute[] }>("/api/v2/applications/attributes", { signal }),
  });

export const newOidc: OidcWrite = {
  redirectUris: [],
  postLogoutRedirectUris: [],
  grantTypes: ["authorization_code"],
  tokenEndpointAuthMethod: "client_secret_post",
  relyingPartyUrl: "",
  dynamicClaims: [],
  constantClaims: [],
  groupsClaim: null,
  idTokenSignedResponseAlg: "RS256",
};

/** What an application is called where people see it. */
export function applicationName(application: Pick<Application, "displayLabel" | "displayName">): string {
  return application.displayLabel || application.displayName;
}

/** What kind of application it is: how people sign in to it, or `scim` where nobody does. */
export function kindOf({ name, sso }: Pick<Application, "name" | "sso">): "oidc" | "saml" | "scim" {
  if (name === "scim") return "scim";
  return sso.type === "saml" ? "saml" : "oidc";
}

export function writeOf(application: Application): ApplicationWrite {
  const { name, displayName, displayLabel, description, active, sso } = application;
  return { name, displayName, displayLabel, description, active, config: {}, sso };
}

export const createApplication = (api: Api, body: ApplicationWrite) => api.post<Application>("/api/applications", body);
export const updateApplication = (api: Api, id: string, body: ApplicationWrite) =>
  api.put<Application>(`/api/applications/${id}`, body);
export const deleteApplication = (api: Api, id: string) => api.delete(`/api/applications/${id}`);
export const createSso = (api: Api, id: string, body: ApplicationSsoWrite) =>
  api.post<ApplicationSso>(`/api/v2/applications/${id}/sso`, body);
export const updateSso = (api: Api, id: string, body: ApplicationSsoWrite) =>
  api.put<ApplicationSso>(`/api/v2/applications/${id}/sso`, body);
export const updateSaml = (api: Api, id: string, body: Saml) =>
  api.put<ApplicationSaml>(`/api/v2/applications/${id}/saml`, body);
export const importSamlMetadata = (api: Api, id: string, body: { metadata: string } | { url: string }) =>
  api.post<ApplicationSaml>(`/api/v2/applications/${id}/saml/metadata`, body);
export const readSamlMetadata = (api: Api, id: string) =>
  api.post<ApplicationSaml>(`/api/v2/applications/${id}/saml/metadata/read`, {});
export const decideSamlMetadata = (api: Api, id: string, body: { digest: string; approve: boolean }) =>
  api.post<ApplicationSaml>(`/api/v2/applications/${id}/saml/metadata/decision`, body);
export const forgetSamlMetadata = (api: Api, id: string) =>
  api.delete<ApplicationSaml>(`/api/v2/applications/${id}/saml/metadata`);
export const addSamlCertificate = (
  api: Api,
  id: string,
  body: { certificate?: string; privateKey?: string; signsAfterDays: number },
) => api.post<ApplicationSaml>(`/api/v2/applications/${id}/saml/certificates`, body);
export const deleteSamlCertificate = (api: Api, id: string, certificate: string) =>
  api.delete<ApplicationSaml>(`/api/v2/applications/${id}/saml/certificates/${certificate}`);
export const createSecret = (api: Api, id: string) =>
  api.post<{ id: string; clientSecret: string }>(`/api/v2/applications/${id}/secrets`, {});
export const deleteSecret = (api: Api, id: string, secret: string) =>
  api.delete(`/api/v2/applications/${id}/secrets/${secret}`);

/** `picture` is a data: URL, as it was read from the file; null removes the logo. */
export async function saveLogo(api: Api, path: string, picture: string | null): Promise<void> {
  if (picture === null) {
    await api.delete(path);
    return;
  }
  const [head = "", data = ""] = picture.split(",", 2);
  const type = /^data:([^;]+)/.exec(head)?.[1] ?? "image/png";
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const form = new FormData();
  form.append("image", new Blob([bytes], { type }), `logo.${type.split("/")[1]?.split("+")[0] ?? "png"}`);
  await api.send("POST", path, { form });
}

export const applicationLogoPath = (id: string) => `/api/v2/applications/${id}/logo`;
