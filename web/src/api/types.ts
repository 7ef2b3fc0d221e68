// The shapes of the HTTP API under the console's names. They are the server's own: schema.gen.d.ts is made from the
// committed openapi.json before every build and check. Nothing is described by hand here.

import type { components } from "./schema.gen.d.ts";

type Schemas = components["schemas"];

export type Id = Schemas["ObjectId"];

export interface Page<T> {
  results: T[];
  totalCount: number;
}

// ---- what needs an administrator
export type Attention = Schemas["Attention"];
export type AttentionItem = Schemas["AttentionItem"];

// ---- decisions about objects of a plan
export type PlanDecision = Schemas["PlanDecision"];
export type FeedDecision = Schemas["FeedDecision"];
export type FeedDecide = Schemas["FeedDecide"];
export type ProvisionDecide = Schemas["ProvisionDecide"];

// ---- devices
export type Device = Schemas["System"];
/** What is left out stays as it is. */
export type DeviceWrite = Schemas["SystemPut"];
export type DeviceUser = Schemas["SystemUserOfSystem"];
export type DeviceOfUser = Schemas["SystemOfUser"];
export type DeviceSudo = Schemas["GraphSudo"];
export type DeviceChange = Schemas["SystemChange"];
export type DeviceChanges = Schemas["SystemChanges"];
export type DeviceImport = Schemas["SystemImport"];
export type DeviceImportRow = Schemas["SystemImportRow"];

// ---- custom attributes
export type AttributeDeclaration = Schemas["CustomAttributeDeclaration"];
export type AttributeDeclare = Schemas["CustomAttributeDeclare"];

// ---- migrations
export type Migration = Schemas["Migration"];
export type MigrationItem = Schemas["MigrationItem"];
export type MigrationKind = Schemas["MigrationKind"];
export type MigrationOutcome = Schemas["MigrationOutcome"];
export type MigrationSource = Schemas["MigrationSource"];
export type MigrationTest = Schemas["MigrationTest"];

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
export type EndNotice = Schemas["SessionEndNotice"];
export type EndedSession = Schemas["EndedSession"];
/** What a person allowed an application of somebody else. */
export type UserConsent = Schemas["UserConsent"];
export type TraceStep = Schemas["TraceStep"];
export type SignInEvent = Schemas["UserEvent"];
export type UserGroupRef = Schemas["UserGroupOfUser"];
export type PeopleImport = Schemas["UserImport"];
export type PeopleImportRow = Schemas["UserImportRow"];
export type PeopleImported = Schemas["UserImported"];
export type PeopleImportGroup = Schemas["UserImportGroup"];
export type PeopleImportOutcome = Schemas["UserImportOutcome"];

export type ScheduledState = Schemas["ScheduledUserstateResult"];
export type ScheduledStatus = "pending" | "finished" | "failed";

// ---- graph
export type GraphType = Schemas["GraphType"];
export type GraphObject = Schemas["GraphObject"];
export type GraphConnection = Schemas["GraphConnection"];
export type GraphPath = Schemas["GraphObjectWithPaths"];

// ---- user groups
export type MembershipMethod = Schemas["MembershipMethod"];
export type Exemption = Schemas["MemberQueryExemption"];
export type ExemptionMode = Schemas["ExemptionMode"];
/** A rule as text: the form that the console writes where lines cannot say it. */
export interface RuleAsText {
  queryType: "Expression";
  expression: string;
}
export type UserGroupWrite = Omit<Schemas["GroupWrite"], "memberQuery" | "excludeQuery"> & {
  memberQuery?: MemberQuery | RuleAsText | null;
  excludeQuery?: RuleAsText | null;
};
/** The form that the console speaks (`x-query-dsl: v2`); the others are older and only read. */
export type MemberQuery = Exclude<Schemas["MemberQuery"], { queryType: string }>;
export type Filter = Schemas["MemberQueryFilter"];
export type Junction = Extract<Filter, { filters: unknown }>;
export type Condition = Exclude<Filter, Junction>;
export type UserGroup = Omit<Schemas["Group"], "memberQuery"> & { memberQuery?: MemberQuery | null };
export type Member = Schemas["GroupMember"];
export type Change = Schemas["PreviewChange"];
export type Problem = Schemas["RuleProblem"];
export type Preview = Schemas["GroupPreview"];
export type RuleAttribute = Schemas["RuleAttribute"];
export type RuleOperator = Schemas["RuleOperator"];
export type MembershipLag = Schemas["MembershipLag"];
export type RuleVocabulary = Schemas["RuleVocabulary"];
export type RuleCount = Schemas["RuleCount"];
export type RuleExpression = Omit<Schemas["RuleExpression"], "memberQuery"> & { memberQuery?: MemberQuery | null };
export type Suggestion = Schemas["MemberSuggestion"];
export type MembershipReason = Schemas["MembershipReason"];
export type GroupCopy = Schemas["GroupCopy"];

// ---- applications
export type Application = Schemas["Application"];
export type ApplicationWrite = Schemas["ApplicationWrite"];
export type ApplicationSso = Schemas["ApplicationSso"];
export type ApplicationSsoWrite = Omit<Schemas["ApplicationSsoWrite"], "oidc"> & { oidc: OidcWrite };
export type ApplicationSaml = Schemas["ApplicationSaml"];
export type Saml = Schemas["Saml"];
export type SamlMetadataSource = Schemas["SamlMetadataSource"];
export type SamlMetadataChange = Schemas["SamlMetadataChange"];
export type SamlExchange = Schemas["SamlExchange"];
export type SamlExchangeSummary = Schemas["SamlExchangeSummary"];
export type SamlMessage = Schemas["SamlMessage"];
export type SamlTestClaims = Schemas["SamlTestClaims"];
export type SamlCertificate = Schemas["SamlCertificate"];
export type ApplicationAttribute = Schemas["MappingAttribute"];
export type Oidc = Schemas["Oidc"];
/** What the console writes: everything that it shows, but for what the server makes. */
export type OidcWrite = Partial<Schemas["OidcWrite"]> &
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
export type GrantType = Schemas["GrantType"];
export type NameValue = Schemas["Mapping"];
export type ClientAuth = Schemas["ClientAuthentication"];
export type ClientSecretInfo = Schemas["ClientSecret"];
export type SigningAlg = Schemas["SigningAlg"];

// ---- identity providers and routing policies
export type IdpType = Schemas["IdentityProviderType"];
export type IdpCheck = Schemas["IdentityProviderCheck"];
export type ClientProof = Schemas["IdentityProviderClientAuthentication"];
export type IdentityProvider = Schemas["IdentityProvider"];
export type IdentityProviderWrite = Schemas["IdentityProviderWrite"];
export type IdpSamlSettings = Schemas["IdentityProviderSamlSettings"];
export type IdpSaml = Schemas["IdentityProviderSaml"];
export type IdpServiceProvider = Schemas["IdentityProviderServiceProvider"];
export type Discovery = Schemas["Discovery"];
export type RoutingPolicy = Schemas["RoutingPolicy"];
export type RoutingPolicyWrite = Omit<RoutingPolicy, "id" | "order"> & Pick<Schemas["RoutingPolicyWrite"], "order">;

// ---- accounts out to applications, and users in from them
export type Provision = Schemas["Provision"];
export type ProvisionAuthWrite = Partial<Schemas["ProvisionAuthenticationWrite"]>;
export type ProvisionWrite = Omit<Schemas["ProvisionWrite"], "authentication"> & {
  authentication: ProvisionAuthWrite;
};
export type ProvisionAuthType = Schemas["ProvisionAuthenticationType"];
export type ProvisionRule = Schemas["ProvisionMappingLine"];
export type ProvisionTest = Schemas["ProvisionTestReport"];
export type ProvisionTestLine = Schemas["ProvisionCheck"];
export type ProvisionPlan = Schemas["ProvisionPlan"];
export type ProvisionPlanItem = Schemas["ProvisionPlanItem"];
export type PlanAction = keyof Schemas["ProvisionPlanCounts"];
export type ProvisionStatus = Schemas["ProvisionStatus"];
export type ProvisionObject = Schemas["ProvisionObject"];
export type ProvisionObjectState = Schemas["ProvisionObjectState"];
export type ProvisionTape = Schemas["ProvisionObjectWithCalls"];
export type ProvisionCall = Schemas["ProvisionTapedCall"];
export type ProvisionReading = Schemas["ProvisionReading"];
export type ImportList = Schemas["ProvisionReadingList"];
export type Drift = Schemas["ProvisionDrift"];
export type DriftItem = Schemas["ProvisionDriftItem"];
export type ImportUser = Schemas["ImportUser"];
export type ImportUsers = Schemas["ImportUsersResponse"];
export type ImportJobWrite = Schemas["ImportJobCreate"];
export type ImportJobCreated = Schemas["ImportJobCreated"];
export type ImportJob = Schemas["ImportJobResults"];
export type ImportResult = Schemas["ImportResult"];
export type ImportCount = Schemas["ImportCount"];

// ---- directories that feed us
export type DirectoryProviderType = Schemas["DirectoryProviderType"];
export type DirectoryProvider = Schemas["DirectoryProvider"];
export type DirectoryProviderCreate = Schemas["DirectoryProviderCreate"];
export type DirectoryProviderCreated = Schemas["DirectoryProviderCreated"];
export type DirectoryProviderWrite = Schemas["DirectoryProviderUpdate"];
export type DirectoryToken = Schemas["DirectoryProviderToken"];
export type DirectoryTokenCreated = Schemas["DirectoryProviderTokenCreated"];
export type RoleMapping = Schemas["DirectoryProviderRoleMapping"];
export type RoleMappingWrite = Schemas["DirectoryProviderRoleMappingWrite"];
export type FeedSource = Schemas["FeedSource"];
export type FeedSourceWrite = Partial<Omit<Schemas["FeedSourceWrite"], "ldap" | "google">> & {
  ldap?: Partial<Schemas["FeedLdap"]>;
  google?: Partial<Schemas["FeedGoogle"]>;
};
export type FeedRun = Schemas["FeedRun"];
export type FeedResult = Schemas["FeedResult"];
export type FeedAction = Schemas["FeedAction"];
export type FeedCounts = Schemas["FeedCounts"];
/** What came from a directory: a person or a group. */
export type DirectoryObject = Partial<Schemas["DirectoryProviderUser"] & Schemas["DirectoryProviderGroup"]> &
  Pick<Schemas["DirectoryProviderGroup"], "id" | "displayName" | "createdAt" | "updatedAt">;

// ---- the organization, administrators, keys
export type Session = Schemas["AdministratorSession"];
export type SessionOrganization = Schemas["SessionOrganization"];
export type OrganizationRef = Schemas["OrganizationRef"];
export type Organization = Schemas["Organization"];
export type RegistrationMode = Schemas["RegistrationMode"];
export type OrganizationSettings = Schemas["Settings"];
export type PasswordPolicy = Schemas["PasswordPolicy"];
export type Administrator = Schemas["Administrator"];
export type ApiKey = Schemas["NewApiKey"];
export type SigningKey = Schemas["SigningKey"];

export type Role = Schemas["Role"];
export type RoleInfo = Schemas["ServiceAccountRoleInfo"];
export type ServiceAccountSecret = Schemas["ServiceAccountAuthConfig"];
export type ServiceAccount = Schemas["ServiceAccount"];
export type RegistrationToken = Schemas["RegistrationToken"];

// ---- portal
export type Me = Schemas["Me"];
export type AdministrationOpened = Schemas["AdministrationOpened"];
export type PortalApplication = Schemas["PortalApplication"];
