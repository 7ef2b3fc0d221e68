// The shapes of the HTTP API under the console's names. They are the server's own: schema.gen.d.ts is made from the
// committed openapi.json before every build and check. Nothing is described by hand here.

import type { components } from "./schema.gen.d.ts";

type Schemas = components["schemas"];

export type Id = Schemas["ObjectId"];

export interface Page<T> {
  results: T[];
  totalCount: number;
}

// ---- people
export type User = Schemas["SystemUser"];
/** What is left out stays as it is. */
export type UserWrite = Partial<Schemas["SystemUserWrite"]>;
export type PhoneNumber = Schemas["PhoneNumber"];
export type Address = Schemas["Address"];
export type SshKey = Schemas["SystemUserSshKey"];
export type UserState = Schemas["UserState"];
export type PasswordStatus = Schemas["PasswordStatus"];
export type RestrictedField = Schemas["RestrictedField"];
export type SentLink = Schemas["SentLink"];
export type SignInSession = Schemas["UserSession"];
export interface EndNotice {
  application: { id: Id; name: string };
  state: "waiting" | "retrying" | "delivered" | "failed";
  attempts: number;
  error?: string | null;
  nextAttemptAt?: string | null;
  doneAt?: string | null;
}
export interface EndedSession {
  id: Id;
  endedAt: string;
  notices: EndNotice[];
}
export type TraceStep = Schemas["TraceStep"];
export type SignInEvent = Schemas["UserEvent"];
export type UserGroupRef = Schemas["UserGroupOfUser"];

// ---- graph
export type GraphType = Schemas["GraphType"];
export type GraphObject = Schemas["GraphObject"];
export type GraphConnection = Schemas["GraphConnection"];
export type GraphPath = Schemas["GraphObjectWithPaths"];

// ---- user groups
export type MembershipMethod = Schemas["MembershipMethod"];
export type Exemption = Schemas["MemberQueryExemption"];
export type ExemptionMode = Schemas["ExemptionMode"];
export type UserGroupWrite = Omit<Schemas["UserGroupWrite"], "memberQuery"> & { memberQuery?: MemberQuery | null };
/** The form that the console speaks (`x-query-dsl: v2`); the others are older and only read. */
export type MemberQuery = Exclude<Schemas["MemberQuery"], { queryType: string }>;
export type Filter = Schemas["MemberQueryFilter"];
export type Junction = Extract<Filter, { filters: unknown }>;
export type Condition = Exclude<Filter, Junction>;
export type UserGroup = Omit<Schemas["UserGroup"], "memberQuery"> & { memberQuery?: MemberQuery | null };
export type Member = Schemas["UserGroupMember"];
export type Change = Schemas["PreviewChange"];
export type Problem = Schemas["RuleProblem"];
export type Preview = Schemas["UserGroupPreview"];
export type RuleAttribute = Schemas["RuleAttribute"];
export type RuleOperator = Schemas["RuleOperator"];
export type RuleVocabulary = Schemas["RuleVocabulary"];

// ---- applications
export type Application = Schemas["Application"];
export type ApplicationWrite = Schemas["ApplicationWrite"];
export type ApplicationSso = Omit<Schemas["ApplicationSso"], "oidc"> & { oidc: Oidc };
export type ApplicationSsoWrite = Omit<Schemas["ApplicationSsoWrite"], "oidc"> & { oidc: OidcWrite };
export type ApplicationAttribute = Schemas["MappingAttribute"];
export type Oidc = Omit<Schemas["Oidc"], "grantTypes" | "tokenEndpointAuthMethod" | keyof OidcSettings> & {
  grantTypes: GrantType[];
  tokenEndpointAuthMethod: ClientAuth;
} & Partial<OidcSettings>;
/** What the console writes: everything that it shows, but for what the server makes. */
export type OidcWrite = Omit<Schemas["OidcWrite"], "grantTypes" | "tokenEndpointAuthMethod" | keyof OidcSettings> &
  Partial<OidcSettings> &
  Pick<
    Oidc,
    | "redirectUris"
    | "postLogoutRedirectUris"
    | "grantTypes"
    | "tokenEndpointAuthMethod"
    | "relyingPartyUrl"
    | "dynamicClaims"
    | "constantClaims"
    | "idTokenSignedResponseAlg"
  >;
export type GrantType =
  | Schemas["GrantType"]
  | "client_credentials"
  | "urn:ietf:params:oauth:grant-type:device_code"
  | "urn:ietf:params:oauth:grant-type:token-exchange";
export type NameValue = Schemas["Mapping"];
export type ClientAuth =
  | Schemas["ClientAuthentication"]
  | "private_key_jwt"
  | "tls_client_auth"
  | "self_signed_tls_client_auth";
export type ClientSecretInfo = Schemas["ClientSecret"];
export type SigningAlg = Schemas["SigningAlg"];

/** The settings that the document does not have yet: dropped for its own once it does. */
interface OidcSettings {
  jwks: unknown;
  jwksUri: string | null;
  tokenEndpointAuthSigningAlg: string | null;
  tlsClientAuthSubjectDn: string | null;
  tlsClientAuthSanDns: string | null;
  tlsClientAuthSanUri: string | null;
  tlsClientAuthSanIp: string | null;
  tlsClientAuthSanEmail: string | null;
  tlsClientCertificateBoundAccessTokens: boolean;
  dpopBoundAccessTokens: boolean;
  dpopNonceRequired: boolean;
  requirePkce: boolean;
  requirePushedAuthorizationRequests: boolean;
  requireSignedRequestObject: boolean;
  requestObjectSigningAlg: string | null;
  authorizationSignedResponseAlg: SigningAlg | null;
  defaultMaxAge: number | null;
  defaultAcrValues: string[];
  initiateLoginUri: string;
  accessTokenFormat: string;
  idTokenLifetimeSeconds: number;
  idTokenEncryptedResponseAlg: string | null;
  idTokenEncryptedResponseEnc: string | null;
  userinfoSignedResponseAlg: SigningAlg | null;
  userinfoEncryptedResponseAlg: string | null;
  userinfoEncryptedResponseEnc: string | null;
  subjectType: string;
  sectorIdentifierUri: string | null;
  resources: string[];
  introspectAllTokens: boolean;
  introspectionSignedResponseAlg: SigningAlg | null;
  backchannelLogoutUri: string | null;
  backchannelLogoutSessionRequired: boolean;
  frontchannelLogoutUri: string | null;
  frontchannelLogoutSessionRequired: boolean;
  consent: string;
  scope: string;
  tokenExchangeClients: string[];
  tokenExchangeImpersonation: boolean;
}

// ---- identity providers and routing policies
export type IdpType = Schemas["IdentityProviderType"];
export type IdpCheck = Schemas["IdentityProviderCheck"];
export type ClientProof = "client_secret" | "private_key_jwt" | "private_key_jwt_token_endpoint";
/** What the document does not have yet: dropped for its own once it does. */
interface IdpAgreement {
  options?: {
    tokenEndpointAuth?: ClientProof;
    trustAuthenticationContext?: boolean;
    requireEncryptedIdToken?: boolean;
  };
}
export type IdentityProvider = Schemas["IdentityProvider"] &
  IdpAgreement & { backchannelLogoutUri?: string; frontchannelLogoutUri?: string; jwksUri?: string };
export type IdentityProviderWrite = Schemas["IdentityProviderWrite"] & IdpAgreement;
export type Discovery = Schemas["Discovery"];
export type RoutingPolicy = Schemas["RoutingPolicy"];
export type RoutingPolicyWrite = Omit<RoutingPolicy, "id" | "order"> & Pick<Schemas["RoutingPolicyWrite"], "order">;

// ---- the organization, administrators, keys
export type Session = Schemas["AdministratorSession"];
export type OrganizationRef = Schemas["OrganizationRef"];
export type Organization = Omit<Schemas["Organization"], "settings"> & { settings: OrganizationSettings };
export type RegistrationMode = "off" | "token" | "open";
/** What the document does not have yet: dropped for its own once it does. */
interface NewSettings {
  clientRegistration: { mode?: RegistrationMode; userGroups?: string[] };
  signingKeys: { rotateEveryDays?: number };
}
export type OrganizationSettings = Schemas["Settings"] & Partial<NewSettings>;
export type PasswordPolicy = Schemas["PasswordPolicy"];
export type Administrator = Schemas["Administrator"];
export type ApiKey = Schemas["NewApiKey"];
export type SigningKey = Schemas["SigningKey"];

export type ServiceAccountRole = "Administrator" | "Read Only";
export interface RoleInfo {
  name: ServiceAccountRole;
  description: string;
}
export interface ServiceAccountSecret {
  id: Id;
  createdAt: string;
  expiresAt: string;
  clientSecret?: string;
}
export interface ServiceAccount {
  id: Id;
  name: string;
  roleName: ServiceAccountRole;
  disabled: boolean;
  clientId: string;
  createdAt: string;
  authConfigs: ServiceAccountSecret[];
}
export interface RegistrationToken {
  id: Id;
  description: string;
  usesLeft: number;
  createdAt: string;
  expiresAt: string;
  token?: string;
}

// ---- portal
export type Me = Schemas["Me"];
export type PortalApplication = Schemas["PortalApplication"];
