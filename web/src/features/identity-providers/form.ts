import type { ClientProof, IdentityProvider, IdentityProviderWrite, IdpType } from "../../api/types.ts";
import { newSaml, type SamlDraft, samlDraftOf, samlProblemsOf, samlWriteOf } from "./saml.ts";

export const types: { value: IdpType; label: string; urlHint: string; urlHelp: string }[] = [
  {
    value: "OIDC",
    label: "OIDC",
    urlHint: "https://idp.example.com",
    urlHelp: "The issuer, as its discovery document says it.",
  },
  {
    value: "OKTA",
    label: "Okta",
    urlHint: "https://example.okta.com",
    urlHelp: "Your Okta domain, or the issuer of an authorization server.",
  },
  {
    value: "GOOGLE",
    label: "Google",
    urlHint: "https://accounts.google.com",
    urlHelp: "Google's issuer is the same for everybody.",
  },
  {
    value: "AZURE",
    label: "Microsoft Entra ID",
    urlHint: "https://login.microsoftonline.com/<tenant>/v2.0",
    urlHelp: "With the id of your tenant in it.",
  },
  { value: "SAML", label: "SAML 2.0", urlHint: "", urlHelp: "" },
];

export function typeOf(type: IdpType) {
  return types.find((one) => one.value === type) ?? { value: type, label: type, urlHint: "", urlHelp: "" };
}

export interface IdpDraft extends SamlDraft {
  name: string;
  type: IdpType;
  url: string;
  clientId: string;
  clientSecret: string;
  claim: string;
  attribute: string;
  jit: boolean;
  domains: string[];
  tokenEndpointAuth: ClientProof;
  trustAuthenticationContext: boolean;
  requireEncryptedIdToken: boolean;
}

export const proofs: { value: ClientProof; label: string }[] = [
  { value: "client_secret", label: "Client secret" },
  { value: "private_key_jwt", label: "Private key JWT" },
  { value: "private_key_jwt_token_endpoint", label: "Private key JWT, addressed to the token endpoint" },
];

export const newProvider: IdpDraft = {
  ...newSaml,
  name: "",
  type: "OIDC",
  url: "",
  clientId: "",
  clientSecret: "",
  claim: "email",
  attribute: "email",
  jit: false,
  domains: [],
  tokenEndpointAuth: "client_secret",
  trustAuthenticationContext: false,
  requireEncryptedIdToken: false,
};

/** Whether something of the advanced part is not as it begins. */
export function isSet(draft: IdpDraft): boolean {
  const both = ["jit", "claim", "attribute", "trustAuthenticationContext"] as const;
  const oidc = ["tokenEndpointAuth", "requireEncryptedIdToken"] as const;
  const saml = ["nameIdFormat", "subjectAttribute", "signRequests", "requireEncryptedAssertion", "allowCbc"] as const;
  const names = [...both, ...(draft.type === "SAML" ? saml : oidc)];
  return names.some((name) => draft[name] !== newProvider[name]);
}

export function draftOf(provider: IdentityProvider): IdpDraft {
  return {
    ...samlDraftOf(provider.saml),
    name: provider.name,
    type: provider.type,
    url: provider.oidc.url,
    clientId: provider.oidc.clientId,
    clientSecret: "",
    claim: provider.match?.claim ?? "email",
    attribute: provider.match?.attribute ?? "email",
    jit: provider.jit?.enabled ?? false,
    domains: provider.jit?.domains ?? [],
    tokenEndpointAuth: provider.options?.tokenEndpointAuth ?? "client_secret",
    trustAuthenticationContext: provider.options?.trustAuthenticationContext ?? false,
    requireEncryptedIdToken: provider.options?.requireEncryptedIdToken ?? false,
  };
}

export function writeOf(draft: IdpDraft, enabled: boolean, id?: string): IdentityProviderWrite {
  const saml: SamlDraft = Object.fromEntries(
    Object.keys(newSaml).map((name) => [name, draft[name as keyof SamlDraft]]),
  ) as unknown as SamlDraft;
  const oidc = {
    url: draft.url.trim(),
    clientId: draft.clientId.trim(),
    ...(draft.clientSecret ? { clientSecret: draft.clientSecret } : {}),
  };
  return {
    ...(id ? { id } : {}),
    name: draft.name.trim(),
    type: draft.type,
    enabled,
    ...(draft.type === "SAML" ? { saml: samlWriteOf(saml) } : { oidc }),
    match: { claim: draft.claim.trim() || "email", attribute: draft.attribute.trim() || "email" },
    jit: { enabled: draft.jit, domains: draft.domains },
    options: {
      tokenEndpointAuth: draft.tokenEndpointAuth,
      trustAuthenticationContext: draft.trustAuthenticationContext,
      requireEncryptedIdToken: draft.requireEncryptedIdToken,
    },
  };
}

export type IdpProblems = Partial<Record<keyof IdpDraft, string>>;

export function problemsOf(draft: IdpDraft, isNew: boolean): IdpProblems {
  const problems: IdpProblems = {};
  if (draft.name.trim() === "") problems.name = "Enter a name.";
  if (draft.jit && draft.domains.length === 0) problems.domains = "Name at least one domain, like example.com.";
  if (draft.type === "SAML") return { ...problems, ...samlProblemsOf(draft) };
  if (draft.url.trim() === "") problems.url = "Enter the provider's URL.";
  else if (!/^https?:\/\/[^/\s]+/.test(draft.url.trim()))
    problems.url = "Enter a full address that starts with https://";
  if (draft.clientId.trim() === "") problems.clientId = "Enter the client ID that the provider gave you.";
  const needsSecret = isNew && draft.tokenEndpointAuth === "client_secret";
  if (needsSecret && draft.clientSecret === "")
    problems.clientSecret = "Enter the client secret that the provider gave you.";
  return problems;
}

/** How the server names the fields of the form. */
export const serverNames: Partial<Record<keyof IdpDraft, string>> = {
  url: "oidc.url",
  clientId: "oidc.clientId",
  clientSecret: "oidc.clientSecret",
  claim: "match",
  attribute: "match.attribute",
  domains: "jit.domains",
  tokenEndpointAuth: "options.tokenEndpointAuth",
  entityId: "saml.entityId",
  ssoUrl: "saml.ssoUrl",
  certificates: "saml.certificates",
  nameIdFormat: "saml.nameIdFormat",
  subjectAttribute: "saml.subjectAttribute",
};

export const known = ["name", "type", "url", "clientId", "clientSecret", ...Object.values(serverNames)];
