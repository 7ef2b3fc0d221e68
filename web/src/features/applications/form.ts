import { newOidc } from "../../api/applications.ts";
import type {
  Application,
  ApplicationSso,
  ApplicationSsoWrite,
  ApplicationWrite,
  ClientAuth,
  NameValue,
  Oidc,
  OidcWrite,
  SigningAlg,
} from "../../api/types.ts";
import { filled } from "../../ui/PairRows.tsx";
import { advancedProblems } from "./advanced/problems.ts";
import { type AdvancedDraft, advancedOf, advancedWrite, grantsOf } from "./advanced/settings.ts";
import type { General } from "./GeneralInfo.tsx";

export const clientAuthentications: { value: ClientAuth; label: string }[] = [
  { value: "client_secret_post", label: "Client Secret Post" },
  { value: "client_secret_basic", label: "Client Secret Basic" },
  { value: "none", label: "Public (None PKCE)" },
  { value: "private_key_jwt", label: "Private Key JWT" },
  { value: "tls_client_auth", label: "Mutual TLS: certificate of an authority" },
  { value: "self_signed_tls_client_auth", label: "Mutual TLS: self-signed certificate" },
];

/** Whether an application that authenticates in this way has a client secret. */
export function hasSecret(method: ClientAuth): boolean {
  return method === "client_secret_post" || method === "client_secret_basic";
}

export const algorithms: { value: SigningAlg; label: string }[] = [
  { value: "RS256", label: "RS256 (default)" },
  { value: "PS256", label: "PS256" },
  { value: "ES256", label: "ES256" },
  { value: "ES384", label: "ES384" },
  { value: "EdDSA", label: "EdDSA" },
];

/** Everything that can be edited on an application's tabs; `activate` and `save` send it all. */
export interface ApplicationDraft extends General, AdvancedDraft {
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  tokenEndpointAuthMethod: ClientAuth;
  relyingPartyUrl: string;
  refresh: boolean;
  idTokenSignedResponseAlg: SigningAlg;
  dynamicClaims: NameValue[];
  constantClaims: NameValue[];
  groups: boolean;
  groupsClaim: string;
  groupsStringWhenOne: boolean;
  userGroups: string[];
}

export const generalKeys: (keyof ApplicationDraft)[] = ["displayLabel", "description", "hidden"];
const offTabs = new Set<keyof ApplicationDraft>([...generalKeys, "logo", "userGroups"]);

export function ssoChanged(changes: (keyof ApplicationDraft)[]): boolean {
  return changes.some((key) => !offTabs.has(key) || key === "hidden");
}

export function draftOf(application: Application, sso: ApplicationSso | null, userGroups: string[]): ApplicationDraft {
  const oidc = { ...newOidc, ...sso?.oidc };
  return {
    displayLabel: application.displayLabel || application.displayName,
    description: application.description ?? "",
    hidden: sso?.hidden ?? application.sso.hidden ?? false,
    logo: application.logo?.url ?? null,
    redirectUris: oidc.redirectUris,
    postLogoutRedirectUris: oidc.postLogoutRedirectUris,
    tokenEndpointAuthMethod: oidc.tokenEndpointAuthMethod,
    relyingPartyUrl: oidc.relyingPartyUrl,
    refresh: oidc.grantTypes.includes("refresh_token"),
    idTokenSignedResponseAlg: oidc.idTokenSignedResponseAlg,
    dynamicClaims: oidc.dynamicClaims,
    constantClaims: oidc.constantClaims,
    groups: oidc.groupsClaim !== null,
    groupsClaim: oidc.groupsClaim?.name ?? "groups",
    groupsStringWhenOne: oidc.groupsClaim?.stringWhenOne ?? false,
    userGroups,
    ...advancedOf(sso?.oidc ?? {}),
  };
}

const given = (lines: string[]) => lines.map((line) => line.trim()).filter((line) => line !== "");

function writable({
  secrets: _secrets,
  clientSecret: _secret,
  clientId: _id,
  issuer: _issuer,
  ...kept
}: Oidc): OidcWrite {
  return kept;
}

/** The v2 part. Members that we do not edit go back as they came. */
export function ssoWrite(draft: ApplicationDraft, before: ApplicationSso | null): ApplicationSsoWrite {
  const kept: OidcWrite = before ? writable(before.oidc) : newOidc;
  const oidc: OidcWrite = {
    ...kept,
    ...advancedWrite(draft, draft.tokenEndpointAuthMethod, before?.oidc ?? {}),
    redirectUris: given(draft.redirectUris),
    postLogoutRedirectUris: given(draft.postLogoutRedirectUris),
    grantTypes: grantsOf(draft, kept),
    tokenEndpointAuthMethod: draft.tokenEndpointAuthMethod,
    relyingPartyUrl: draft.relyingPartyUrl.trim(),
    dynamicClaims: filled(draft.dynamicClaims),
    constantClaims: filled(draft.constantClaims),
    groupsClaim: draft.groups ? { name: draft.groupsClaim.trim(), stringWhenOne: draft.groupsStringWhenOne } : null,
    idTokenSignedResponseAlg: draft.idTokenSignedResponseAlg,
  };
  return { type: "oidc", hidden: draft.hidden, oidc };
}

export function generalWrite(draft: General, before: Application, active: boolean): ApplicationWrite {
  return {
    name: before.name,
    displayName: before.displayName,
    displayLabel: draft.displayLabel.trim(),
    description: draft.description.trim(),
    active,
    // The settings of the SSO tab are written by themselves: what was read here may be older.
    config: {},
    sso: { ...before.sso, hidden: draft.hidden },
  };
}

function redirectProblem(line: string): string | undefined {
  if (/[*]/.test(line)) return `“${line}”: wildcards are not allowed. Enter each address in full.`;
  try {
    const url = new URL(line);
    if (url.hash) return `“${line}” must not contain a # part.`;
    return undefined;
  } catch {
    return `“${line}” is not a full address. Start with https://`;
  }
}

export type Problems = Partial<Record<keyof ApplicationDraft, string>>;

/** What must be mended before the application can be active, by field. */
export function problemsOf(draft: ApplicationDraft): Problems {
  const problems: Problems = advancedProblems(draft, draft);
  if (draft.displayLabel.trim() === "") problems.displayLabel = "Enter a display label.";
  const uris = given(draft.redirectUris);
  const wrong = uris.map(redirectProblem).find((one) => one !== undefined);
  if (uris.length === 0 && draft.authorizationCode)
    problems.redirectUris = "Enter at least one redirect URI; the application's makers tell it.";
  else if (wrong) problems.redirectUris = wrong;
  const halves = filled(draft.dynamicClaims).some((row) => row.name === "" || row.value === "");
  if (halves) problems.dynamicClaims = "Each row needs both names. Clear the row that is not needed.";
  const constants = filled(draft.constantClaims).some((row) => row.name === "" || row.value === "");
  if (constants) problems.constantClaims = "Each row needs a name and a value. Clear the row that is not needed.";
  if (draft.groups && draft.groupsClaim.trim() === "") problems.groupsClaim = "Enter the name of the claim.";
  return problems;
}

const otherTabs = new Set<string>([...generalKeys, "logo", "userGroups"]);

/** The tab on which the first problem stands. */
export function tabOfProblem(fields: string[]): string | undefined {
  const [first] = fields;
  if (first === undefined) return undefined;
  return otherTabs.has(first) ? "general" : "sso";
}

const renamed: Partial<Record<keyof ApplicationDraft, string>> = {
  accessTokenSeconds: "accessTokenLifespan",
  refreshTokenSeconds: "refreshTokenLifespan",
  certificateValue: "tlsClientAuthSubjectDn",
  authorizationCode: "grantTypes",
};

/** How the server names a field of the SSO tab. */
export function serverName(field: keyof ApplicationDraft): string {
  return `oidc.${renamed[field] ?? field}`;
}

export const keysOf = (draft: ApplicationDraft) => Object.keys(draft) as (keyof ApplicationDraft)[];
