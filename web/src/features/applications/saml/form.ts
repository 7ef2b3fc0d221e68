import type { Application, ApplicationSaml, NameValue, Saml } from "../../../api/types.ts";
import { filled } from "../../../ui/PairRows.tsx";
import type { General } from "../GeneralInfo.tsx";

export const nameIdFormats = [
  "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
  "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
  "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
  "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
];

export const signatureAlgorithms: { value: Saml["signatureAlgorithm"]; label: string }[] = [
  { value: "RSA-SHA256", label: "RSA-SHA256" },
  { value: "RSA-SHA512", label: "RSA-SHA512" },
  { value: "ECDSA-SHA256", label: "ECDSA-SHA256" },
  { value: "RSA-SHA1", label: "RSA-SHA1 (old service providers only)" },
];

export const encryptions = [
  { value: "", label: "Not encrypted" },
  { value: "AES256-GCM", label: "AES-256-GCM" },
  { value: "AES128-GCM", label: "AES-128-GCM" },
  { value: "AES256-CBC", label: "AES-256-CBC (old service providers only)" },
  { value: "AES128-CBC", label: "AES-128-CBC (old service providers only)" },
];

export interface AcsRow {
  url: string;
  index: string;
  isDefault: boolean;
}

/** Everything that can be edited on the tabs of an application that signs in by SAML. */
export interface SamlDraft extends General {
  idpEntityId: string;
  spEntityId: string;
  acs: AcsRow[];
  spCertificates: string[];
  nameIdAttribute: string;
  nameIdFormat: string;
  signatureAlgorithm: Saml["signatureAlgorithm"];
  signAssertion: boolean;
  signResponse: boolean;
  defaultRelayState: string;
  loginUrl: string;
  declareRedirectEndpoint: boolean;
  requireSignedRequests: boolean;
  allowSha1Requests: boolean;
  encryption: string;
  logoutUrl: string;
  logoutByPost: boolean;
  userAttributes: NameValue[];
  constantAttributes: NameValue[];
  groups: boolean;
  groupsClaim: string;
  userGroups: string[];
}

const general = new Set<string>(["displayLabel", "description", "hidden"]);
const offTab = new Set<string>([...general, "logo", "userGroups"]);
export const generalChanged = (changes: string[]) => changes.some((key) => general.has(key));
export const settingsChanged = (changes: string[]) => changes.some((key) => !offTab.has(key));

export function draftOf(application: Application, saml: ApplicationSaml, userGroups: string[]): SamlDraft {
  const { acs, spCertificates, logout, groupsAttribute, encryption, ...settings } = saml.settings;
  return {
    displayLabel: application.displayLabel || application.displayName,
    description: application.description ?? "",
    hidden: application.sso.hidden ?? false,
    logo: application.logo?.url ?? null,
    ...settings,
    acs: acs.map((one) => ({ url: one.url, index: String(one.index ?? 0), isDefault: one.isDefault ?? false })),
    spCertificates,
    encryption: encryption ?? "",
    logoutUrl: logout?.url ?? "",
    logoutByPost: logout?.post ?? false,
    groups: groupsAttribute !== null && groupsAttribute !== undefined,
    groupsClaim: groupsAttribute?.name ?? "memberOf",
    userGroups,
  };
}

/** Without a mark on any row the first one is the default. */
const given = (rows: AcsRow[]) => rows.filter((row) => row.url.trim() !== "");

export function samlWrite(draft: SamlDraft): Saml {
  return {
    idpEntityId: draft.idpEntityId.trim(),
    spEntityId: draft.spEntityId.trim(),
    acs: given(draft.acs).map((row) => ({ url: row.url.trim(), index: Number(row.index), isDefault: row.isDefault })),
    spCertificates: draft.spCertificates.map((text) => text.trim()).filter((text) => text !== ""),
    requireSignedRequests: draft.requireSignedRequests,
    allowSha1Requests: draft.allowSha1Requests,
    nameIdAttribute: draft.nameIdAttribute.trim(),
    nameIdFormat: draft.nameIdFormat,
    signatureAlgorithm: draft.signatureAlgorithm,
    signAssertion: draft.signAssertion,
    signResponse: draft.signResponse,
    declareRedirectEndpoint: draft.declareRedirectEndpoint,
    encryption: draft.encryption === "" ? null : (draft.encryption as Saml["encryption"]),
    defaultRelayState: draft.defaultRelayState,
    loginUrl: draft.loginUrl.trim(),
    logout: draft.logoutUrl.trim() === "" ? null : { url: draft.logoutUrl.trim(), post: draft.logoutByPost },
    userAttributes: filled(draft.userAttributes),
    constantAttributes: filled(draft.constantAttributes),
    groupsAttribute: draft.groups ? { name: draft.groupsClaim.trim(), stringWhenOne: false } : null,
  };
}

export type SamlProblems = Partial<Record<keyof SamlDraft, string>>;

function isAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** What must be mended before the application can be saved, by field. */
export function problemsOf(draft: SamlDraft): SamlProblems {
  const problems: SamlProblems = {};
  if (draft.displayLabel.trim() === "") problems.displayLabel = "Enter a display label.";
  if (draft.spEntityId.trim() === "") problems.spEntityId = "Enter the entity ID that the service provider tells.";
  const acs = given(draft.acs);
  const wrong = acs.find((row) => !isAddress(row.url.trim()));
  if (acs.length === 0) problems.acs = "Enter at least one ACS URL; the service provider tells it.";
  else if (wrong) problems.acs = `“${wrong.url}” is not a full address. Start with https://`;
  else if (acs.some((row) => !/^\d{1,5}$/.test(row.index))) problems.acs = "An index is a number, such as 0.";
  else if (new Set(acs.map((row) => Number(row.index))).size < acs.length)
    problems.acs = "Give each ACS URL an index of its own.";
  if (draft.nameIdAttribute.trim() === "") problems.nameIdAttribute = "Choose the attribute that names the person.";
  if (!draft.signAssertion && !draft.signResponse)
    problems.signAssertion = "Sign the assertion, the response or both: nobody may believe what is not signed.";
  for (const list of ["userAttributes", "constantAttributes"] as const) {
    const halves = filled(draft[list]).some((row) => row.name === "" || row.value === "");
    if (halves) problems[list] = "Each row needs both fields. Clear the row that is not needed.";
  }
  if (draft.groups && draft.groupsClaim.trim() === "") problems.groupsClaim = "Enter the name of the attribute.";
  return problems;
}

/** The tab on which the first problem stands. */
export function tabOfProblem(fields: string[]): string | undefined {
  const [first] = fields;
  if (first === undefined) return undefined;
  return offTab.has(first) ? "general" : "sso";
}

const renamed: Partial<Record<keyof SamlDraft, string>> = {
  logoutUrl: "logout.url",
  groupsClaim: "groupsAttribute.name",
};

/** How the server names a field of the SSO tab. */
export const serverName = (field: keyof SamlDraft) => `saml.${renamed[field] ?? field}`;
