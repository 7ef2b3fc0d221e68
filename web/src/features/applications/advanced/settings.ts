// The advanced settings of an OpenID Connect application as a form: read from what the server holds, written back as the
// members that changed. Pure.

import type { Oidc, OidcWrite, SigningAlg } from "../../../api/types.ts";
import { readDuration, writeDuration } from "./duration.ts";

export const certificateNames = [
  { value: "tlsClientAuthSubjectDn", label: "Subject", hint: "CN=batch,O=Acme" },
  { value: "tlsClientAuthSanDns", label: "DNS name", hint: "batch.acme.example" },
  { value: "tlsClientAuthSanUri", label: "URI", hint: "spiffe://acme.example/batch" },
  { value: "tlsClientAuthSanIp", label: "IP address", hint: "10.0.0.7" },
  { value: "tlsClientAuthSanEmail", label: "E-mail", hint: "batch@acme.example" },
] as const;

export type CertificateName = (typeof certificateNames)[number]["value"];
export type KeySource = "none" | "uri" | "entered";

/** Empty text stands for "nothing said", an empty number for "no limit of its own". */
export interface AdvancedDraft {
  // ---- client authentication and keys
  keySource: KeySource;
  jwksUri: string;
  /** The key set as JSON text. */
  jwks: string;
  tokenEndpointAuthSigningAlg: string;
  certificateName: CertificateName;
  certificateValue: string;
  tlsClientCertificateBoundAccessTokens: boolean;
  dpopBoundAccessTokens: boolean;
  dpopNonceRequired: boolean;
  // ---- requests
  requirePkce: boolean;
  requirePushedAuthorizationRequests: boolean;
  requireSignedRequestObject: boolean;
  requestObjectSigningAlg: string;
  authorizationSignedResponseAlg: SigningAlg | "";
  defaultMaxAge: number | "";
  defaultAcrValues: string[];
  initiateLoginUri: string;
  // ---- tokens
  accessTokenFormat: string;
  accessTokenSeconds: number | "";
  refreshTokenSeconds: number | "";
  idTokenLifetimeSeconds: number | "";
  idTokenEncryptedResponseAlg: string;
  idTokenEncryptedResponseEnc: string;
  userinfoSignedResponseAlg: SigningAlg | "";
  userinfoEncryptedResponseAlg: string;
  userinfoEncryptedResponseEnc: string;
  subjectType: string;
  sectorIdentifierUri: string;
  resources: string[];
  introspectAllTokens: boolean;
  introspectionSignedResponseAlg: SigningAlg | "";
  // ---- logout
  backchannelLogoutUri: string;
  backchannelLogoutSessionRequired: boolean;
  frontchannelLogoutUri: string;
  frontchannelLogoutSessionRequired: boolean;
  // ---- consent
  consent: string;
  // ---- grants
  authorizationCode: boolean;
  clientCredentials: boolean;
  deviceCode: boolean;
  tokenExchange: boolean;
  scope: string[];
  tokenExchangeClients: string[];
  tokenExchangeImpersonation: boolean;
}

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

const words = (text: string | null | undefined) => (text ?? "").split(" ").filter((word) => word !== "");

function certificateOf(oidc: Partial<Oidc>): Pick<AdvancedDraft, "certificateName" | "certificateValue"> {
  const named = certificateNames.find((one) => oidc[one.value]);
  return {
    certificateName: named?.value ?? "tlsClientAuthSubjectDn",
    certificateValue: (named && oidc[named.value]) ?? "",
  };
}

export function advancedOf(oidc: Partial<Oidc>): AdvancedDraft {
  const grants = oidc.grantTypes ?? ["authorization_code"];
  return {
    keySource: oidc.jwksUri ? "uri" : oidc.jwks ? "entered" : "none",
    jwksUri: oidc.jwksUri ?? "",
    jwks: oidc.jwks ? JSON.stringify(oidc.jwks, null, 2) : "",
    tokenEndpointAuthSigningAlg: oidc.tokenEndpointAuthSigningAlg ?? "",
    ...certificateOf(oidc),
    tlsClientCertificateBoundAccessTokens: oidc.tlsClientCertificateBoundAccessTokens ?? false,
    dpopBoundAccessTokens: oidc.dpopBoundAccessTokens ?? false,
    dpopNonceRequired: oidc.dpopNonceRequired ?? false,
    requirePkce: oidc.requirePkce ?? true,
    requirePushedAuthorizationRequests: oidc.requirePushedAuthorizationRequests ?? false,
    requireSignedRequestObject: oidc.requireSignedRequestObject ?? false,
    requestObjectSigningAlg: oidc.requestObjectSigningAlg ?? "",
    authorizationSignedResponseAlg: oidc.authorizationSignedResponseAlg ?? "",
    defaultMaxAge: oidc.defaultMaxAge ?? "",
    defaultAcrValues: oidc.defaultAcrValues ?? [],
    initiateLoginUri: oidc.initiateLoginUri ?? "",
    accessTokenFormat: oidc.accessTokenFormat ?? "jwt",
    accessTokenSeconds: readDuration(oidc.accessTokenLifespan) ?? 3600,
    refreshTokenSeconds: readDuration(oidc.refreshTokenLifespan) ?? 30 * 86_400,
    idTokenLifetimeSeconds: oidc.idTokenLifetimeSeconds ?? 3600,
    idTokenEncryptedResponseAlg: oidc.idTokenEncryptedResponseAlg ?? "",
    idTokenEncryptedResponseEnc: oidc.idTokenEncryptedResponseEnc ?? "",
    userinfoSignedResponseAlg: oidc.userinfoSignedResponseAlg ?? "",
    userinfoEncryptedResponseAlg: oidc.userinfoEncryptedResponseAlg ?? "",
    userinfoEncryptedResponseEnc: oidc.userinfoEncryptedResponseEnc ?? "",
    subjectType: oidc.subjectType ?? "public",
    sectorIdentifierUri: oidc.sectorIdentifierUri ?? "",
    resources: oidc.resources ?? [],
    introspectAllTokens: oidc.introspectAllTokens ?? false,
    introspectionSignedResponseAlg: oidc.introspectionSignedResponseAlg ?? "",
    backchannelLogoutUri: oidc.backchannelLogoutUri ?? "",
    backchannelLogoutSessionRequired: oidc.backchannelLogoutSessionRequired ?? false,
    frontchannelLogoutUri: oidc.frontchannelLogoutUri ?? "",
    frontchannelLogoutSessionRequired: oidc.frontchannelLogoutSessionRequired ?? false,
    consent: oidc.consent ?? "trusted",
    authorizationCode: grants.includes("authorization_code"),
    clientCredentials: grants.includes("client_credentials"),
    deviceCode: grants.includes(DEVICE),
    tokenExchange: grants.includes(EXCHANGE),
    scope: words(oidc.scope),
    tokenExchangeClients: oidc.tokenExchangeClients ?? [],
    tokenExchangeImpersonation: oidc.tokenExchangeImpersonation ?? false,
  };
}

/** What an application is like about which nobody has said anything. */
export const defaults: AdvancedDraft = advancedOf({});

/** The grant types of a form, those that it does not know included. */
export function grantsOf(draft: AdvancedDraft & { refresh: boolean }, before: OidcWrite): OidcWrite["grantTypes"] {
  const ours: [OidcWrite["grantTypes"][number], boolean][] = [
    ["authorization_code", draft.authorizationCode],
    ["refresh_token", draft.refresh],
    ["client_credentials", draft.clientCredentials],
    [DEVICE, draft.deviceCode],
    [EXCHANGE, draft.tokenExchange],
  ];
  const others = before.grantTypes.filter((one) => !ours.some(([grant]) => grant === one));
  return [...ours.filter(([, on]) => on).map(([grant]) => grant), ...others];
}

type Wire = Partial<Record<string, unknown>>;

const orNothing = <Value>(value: Value | "") => (value === "" ? undefined : value);
const trimmed = (text: string) => orNothing(text.trim());

function keySet(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wireOf(draft: AdvancedDraft, method: string): Wire {
  const names = certificateNames.map(({ value }) => {
    const used = method === "tls_client_auth" && draft.certificateName === value;
    return [value, used ? trimmed(draft.certificateValue) : undefined];
  });
  const plain: (keyof AdvancedDraft & keyof Oidc)[] = [
    "tlsClientCertificateBoundAccessTokens",
    "dpopBoundAccessTokens",
    "dpopNonceRequired",
    "requirePkce",
    "requirePushedAuthorizationRequests",
    "requireSignedRequestObject",
    "accessTokenFormat",
    "subjectType",
    "introspectAllTokens",
    "backchannelLogoutSessionRequired",
    "frontchannelLogoutSessionRequired",
    "consent",
    "tokenExchangeClients",
    "tokenExchangeImpersonation",
    "defaultAcrValues",
    "resources",
  ];
  return {
    ...Object.fromEntries(plain.map((name) => [name, draft[name]])),
    ...Object.fromEntries(names),
    jwksUri: draft.keySource === "uri" ? trimmed(draft.jwksUri) : undefined,
    jwks: draft.keySource === "entered" ? keySet(draft.jwks) : undefined,
    tokenEndpointAuthSigningAlg:
      method === "private_key_jwt" ? orNothing(draft.tokenEndpointAuthSigningAlg) : undefined,
    requestObjectSigningAlg: orNothing(draft.requestObjectSigningAlg),
    authorizationSignedResponseAlg: orNothing(draft.authorizationSignedResponseAlg),
    defaultMaxAge: orNothing(draft.defaultMaxAge),
    initiateLoginUri: trimmed(draft.initiateLoginUri),
    accessTokenLifespan: draft.accessTokenSeconds === "" ? undefined : writeDuration(draft.accessTokenSeconds),
    refreshTokenLifespan: draft.refreshTokenSeconds === "" ? undefined : writeDuration(draft.refreshTokenSeconds),
    idTokenLifetimeSeconds: orNothing(draft.idTokenLifetimeSeconds),
    idTokenEncryptedResponseAlg: orNothing(draft.idTokenEncryptedResponseAlg),
    idTokenEncryptedResponseEnc: draft.idTokenEncryptedResponseAlg && orNothing(draft.idTokenEncryptedResponseEnc),
    userinfoSignedResponseAlg: orNothing(draft.userinfoSignedResponseAlg),
    userinfoEncryptedResponseAlg: orNothing(draft.userinfoEncryptedResponseAlg),
    userinfoEncryptedResponseEnc: draft.userinfoEncryptedResponseAlg && orNothing(draft.userinfoEncryptedResponseEnc),
    sectorIdentifierUri: draft.subjectType === "pairwise" ? trimmed(draft.sectorIdentifierUri) : undefined,
    introspectionSignedResponseAlg: orNothing(draft.introspectionSignedResponseAlg),
    backchannelLogoutUri: trimmed(draft.backchannelLogoutUri),
    frontchannelLogoutUri: trimmed(draft.frontchannelLogoutUri),
    scope: draft.scope.length > 0 ? draft.scope.join(" ") : undefined,
  };
}

/** The members that differ from what the server holds. One that is cleared is there as `undefined`: it is left out. */
export function advancedWrite(draft: AdvancedDraft, method: string, before: Partial<Oidc>): Partial<OidcWrite> {
  const held = wireOf(advancedOf(before), before.tokenEndpointAuthMethod ?? "");
  const wanted = wireOf(draft, method);
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(value || undefined) !== JSON.stringify(held[name] || undefined),
  );
  return Object.fromEntries(
    changed.map(([name, value]) => [name, value === "" ? undefined : value]),
  ) as Partial<OidcWrite>;
}
