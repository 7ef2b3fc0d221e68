// The shapes of the HTTP API as the console uses them. Written by hand from the working contract until the
// server's openapi.json is committed; then `npm run generate` makes schema.gen.d.ts and these become aliases.

export * from "./typesAccess.ts";
export * from "./typesSettings.ts";

export type Id = string;

export interface Session {
  admin: {
    id: Id;
    email: string;
    firstname: string;
    lastname: string;
    roleName: string;
    apiKeySet: boolean;
    /** The provider (MSP) that this administrator belongs to. */
    provider: Id | null;
  };
  organizations: OrganizationRef[];
  publicUrl: string;
  version: string;
  dev: boolean;
  mailConfigured: boolean;
}

export interface OrganizationRef {
  id: Id;
  displayName: string;
  slug: string;
  logoUrl: string | null;
}

export interface Page<T> {
  results: T[];
  totalCount: number;
}

// ---- users (v1)

export type UserState = "STAGED" | "ACTIVATED" | "SUSPENDED";
export type PasswordStatus =
  | "Password Pending"
  | "Active"
  | "Expired"
  | "Locked"
  | "Federated Managed by External IdP"
  | "Password Externally Managed";

export interface NameValue {
  name: string;
  value: string;
}

export interface RestrictedField {
  field: string;
  type?: string;
  id?: string;
}

export interface User {
  _id: Id;
  username: string;
  email: string;
  firstname: string;
  middlename: string;
  lastname: string;
  displayname: string;
  alternateEmail: string;
  description: string;
  employeeIdentifier: string;
  employeeType: string;
  jobTitle: string;
  department: string;
  costCenter: string;
  company: string;
  location: string;
  attributes: NameValue[];
  restrictedFields: RestrictedField[];
  state: UserState;
  activated: boolean;
  account_locked: boolean;
  password_expired: boolean;
  password_never_expires: boolean;
  passwordStatus: PasswordStatus;
  created: string;
  password_date?: string | null;
  activationLink?: string;
  warnings?: string[];
}

export type UserWrite = Partial<
  Pick<
    User,
    | "username"
    | "email"
    | "firstname"
    | "middlename"
    | "lastname"
    | "displayname"
    | "alternateEmail"
    | "description"
    | "employeeType"
    | "jobTitle"
    | "department"
    | "costCenter"
    | "company"
    | "location"
    | "attributes"
    | "restrictedFields"
    | "password_never_expires"
    | "state"
  > & { employeeIdentifier: string | null; password: string }
>;

export interface SentLink {
  sent: boolean;
  link?: string;
}

export interface SignInSession {
  id: Id;
  createdAt: string;
  lastSeenAt: string;
  clientIp: string;
  userAgent: string;
  authMethod: string;
  identityProvider: { id: Id; name: string } | string | null;
  current?: boolean;
}

/** What a person allowed an application of somebody else. */
export interface UserConsent {
  id: Id;
  application: { id: Id; displayLabel: string; logoUrl: string | null };
  scopes: string[];
  claims: string[];
  resources: string[];
  createdAt: string;
  updatedAt: string;
}

export interface TraceStep {
  step: string;
  saw: string;
  passed: boolean;
  setting: { label: string; path: string } | null;
}

export interface SignInEvent {
  id: Id;
  at: string;
  type: string;
  success: boolean;
  summary: string;
  clientIp: string;
  userAgent: string;
  application: { id: Id; name: string } | null;
  trace: TraceStep[];
}

export interface UserGroupRef {
  id: Id;
  name: string;
  via: Via;
  since: string;
}

// ---- graph

export type GraphType = "user" | "user_group" | "application" | "idp_routing_policy";

export interface GraphObject {
  id: Id;
  type: GraphType;
}

export interface GraphConnection {
  to: GraphObject;
}

export interface GraphPath {
  id: Id;
  type: GraphType;
  paths?: { to: GraphObject }[][];
}

// ---- user groups (v2)

export type Via = "direct" | "rule" | "exemption";
export type MembershipMethod = "STATIC" | "DYNAMIC_AUTOMATED";

export interface Condition {
  field: string;
  operation: string;
  value?: string | string[];
}

export interface Junction {
  operation: "and" | "or";
  filters: Filter[];
}

export type Filter = Condition | Junction;

export interface MemberQuery {
  filters: Filter[];
}

export type ExemptionMode = "in" | "out" | "keep";

export interface Exemption {
  id: Id;
  type: "USER";
  mode?: ExemptionMode;
}

export interface UserGroup {
  id: Id;
  type: "user_group";
  name: string;
  description: string;
  email: string;
  /** What the group gives its members besides access; not edited here, sent back as it came. */
  attributes?: unknown;
  memberSuggestionsNotify?: boolean;
  membershipMethod: MembershipMethod;
  memberQuery: MemberQuery | null;
  /** Left out on lists. */
  memberQueryExemptions?: Exemption[];
  memberCount: number;
}

export type UserGroupWrite = Pick<UserGroup, "name" | "description"> &
  Partial<
    Pick<
      UserGroup,
      "email" | "attributes" | "memberSuggestionsNotify" | "membershipMethod" | "memberQuery" | "memberQueryExemptions"
    >
  >;

export interface Member {
  id: Id;
  username: string;
  email: string;
  displayname: string;
  via: Via;
  since: string;
}

export type Change = "joins" | "leaves" | "stays";

export interface Problem {
  path: string;
  message: string;
}

export interface Preview {
  totalCount: number;
  joins: number;
  leaves: number;
  stays: number;
  members: (Pick<Member, "id" | "username" | "email" | "displayname"> & { change: Change })[];
  problems: Problem[];
}

export interface RuleAttribute {
  name: string;
  label: string;
  custom: boolean;
  type: string;
  operators: string[];
  values?: string[];
}

export interface RuleOperator {
  name: string;
  label: string;
  value: "one" | "list" | "none";
}

export interface RuleVocabulary {
  attributes: RuleAttribute[];
  operators: RuleOperator[];
}
