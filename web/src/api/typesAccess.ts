// Applications, identity providers and routing policies. See types.ts.

import type { Id, NameValue } from "./types.ts";

// ---- applications

export interface Application {
  _id: Id;
  name: string;
  displayName: string;
  displayLabel: string;
  description: string;
  active: boolean;
  config: Record<string, unknown>;
  sso: { type: string; hidden: boolean };
  logo: { url: string | null } | null;
  created: string;
  organization: Id;
}

export type ApplicationWrite = Pick<
  Application,
  "name" | "displayName" | "displayLabel" | "description" | "active" | "config" | "sso"
>;

export type ClientAuth = "client_secret_post" | "client_secret_basic" | "none";
export type SigningAlg = "RS256" | "PS256" | "ES256" | "ES384" | "EdDSA";

export interface ClientSecretInfo {
  id: Id;
  hint: string;
  createdAt: string;
}

export interface Oidc {
  clientId?: string;
  clientSecret?: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  grantTypes: string[];
  tokenEndpointAuthMethod: ClientAuth;
  relyingPartyUrl: string;
  dynamicClaims: NameValue[];
  constantClaims: NameValue[];
  groupsClaim: { name: string; stringWhenOne: boolean } | null;
  idTokenSignedResponseAlg: SigningAlg;
  accessTokenLifespan?: string;
  consent?: string;
  issuer?: string;
  secrets?: ClientSecretInfo[];
}

export interface ApplicationSso {
  type: "oidc";
  hidden: boolean;
  oidc: Oidc;
}

export interface ApplicationAttribute {
  name: string;
  label: string;
  custom: boolean;
}

// ---- identity providers and routing policies

export type IdpType = "OIDC" | "OKTA" | "GOOGLE" | "AZURE";

export interface IdpCheck {
  state: "ok" | "failing" | "unknown";
  at: string | null;
  message: string;
}

export interface IdentityProvider {
  id: Id;
  name: string;
  type: IdpType;
  enabled: boolean;
  oidc: { clientId: string; clientSecret: string; url: string };
  redirectUri: string;
  match: { claim: string; attribute: string };
  jit: { enabled: boolean; domains: string[] };
  check: IdpCheck;
  routedUsers: number;
}

export interface IdentityProviderWrite {
  id?: Id;
  name: string;
  type: IdpType;
  enabled?: boolean;
  oidc: { clientId: string; clientSecret?: string; url: string };
  match?: IdentityProvider["match"];
  jit?: IdentityProvider["jit"];
}

export interface Discovery {
  id: Id;
  issuer: string | null;
  redirectUri: string;
  issParameter: boolean;
  problems: string[];
}

export interface RoutingPolicy {
  id: Id;
  name: string;
  description: string;
  enabled: boolean;
  order: number;
  identityProviderId: Id;
  userGroups: Id[];
  users: Id[];
}

export type RoutingPolicyWrite = Omit<RoutingPolicy, "id" | "order"> & { order?: number };
