import type { NameValue, OrganizationSettings, RestrictedField, User, UserState, UserWrite } from "../../api/types.ts";
import { attributesProblem } from "../../ui/attributes.ts";
import {
  type AddressRow,
  addressesWritten,
  addressRows,
  type PhoneRow,
  phoneProblems,
  phoneRows,
  phonesWritten,
} from "../../ui/contact.ts";
import { filled } from "../../ui/PairRows.tsx";

export const authorities = [
  { value: "none", label: "None" },
  { value: "federated_identity_provider", label: "Federated Identity Provider" },
];

const otherAuthorities: Record<string, string> = { scim: "SCIM", active_directory: "Active Directory" };

/** Which fields directories keep, and which directory keeps each: by the field's name, `attributes.NAME` for a custom one. */
export function keepers(fields: RestrictedField[] | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of fields ?? []) if (one.type === "scim" && one.id) found.set(one.field, one.id);
  return found;
}

/** The choices of Password Authority; one that came from elsewhere stays visible although it cannot be chosen anew. */
export function authorityChoices(current: string) {
  const known = authorities.some((one) => one.value === current);
  return known ? authorities : [...authorities, { value: current, label: otherAuthorities[current] ?? current }];
}

export function authorityOf(fields: RestrictedField[] | undefined): string {
  const found = fields?.find((one) => one.field === "password");
  return found ? (found.type ?? "scim") : "none";
}

export interface UserDraft {
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
  managedAppleId: string;
  /** The manager's id; empty for none. */
  manager: string;
  phoneNumbers: PhoneRow[];
  addresses: AddressRow[];
  attributes: NameValue[];
  authority: string;
  password_never_expires: boolean;
  state: UserState;
}

const texts = [
  "username",
  "email",
  "firstname",
  "middlename",
  "lastname",
  "displayname",
  "alternateEmail",
  "description",
  "employeeIdentifier",
  "employeeType",
  "jobTitle",
  "department",
  "costCenter",
  "company",
  "location",
  "managedAppleId",
] as const;

export function draftOf(user: Partial<User>): UserDraft {
  const written = Object.fromEntries(texts.map((name) => [name, user[name] ?? ""])) as Pick<
    UserDraft,
    (typeof texts)[number]
  >;
  return {
    ...written,
    manager: user.manager ?? "",
    phoneNumbers: phoneRows(user.phoneNumbers),
    addresses: addressRows(user.addresses),
    attributes: (user.attributes ?? []).map(({ name, value }) => ({ name, value })),
    authority: authorityOf(user.restrictedFields),
    password_never_expires: user.password_never_expires ?? false,
    state: user.state ?? "ACTIVATED",
  };
}

/** A new person as the organization's defaults would have them. */
export function newDraft(settings: OrganizationSettings | undefined): UserDraft {
  return draftOf({
    state: settings?.newSystemUserStateDefaults?.manualEntry ?? "ACTIVATED",
    restrictedFields: settings?.systemUserDefaults?.restrictedFields ?? [],
  });
}

/** What is sent: the fields that changed, lists always as a whole. */
export function writeOf(draft: UserDraft, changes: (keyof UserDraft)[], user?: User): UserWrite {
  const body: UserWrite = {};
  for (const name of texts) {
    if (!changes.includes(name) && !(name === "username" || name === "email")) continue;
    const value = draft[name].trim();
    if (name === "employeeIdentifier") body.employeeIdentifier = value === "" ? null : value;
    else body[name] = value;
  }
  if (changes.includes("manager")) body.manager = draft.manager === "" ? null : draft.manager;
  if (changes.includes("phoneNumbers")) body.phoneNumbers = phonesWritten(draft.phoneNumbers);
  if (changes.includes("addresses")) body.addresses = addressesWritten(draft.addresses);
  if (changes.includes("attributes")) body.attributes = filled(draft.attributes);
  if (changes.includes("password_never_expires")) body.password_never_expires = draft.password_never_expires;
  if (changes.includes("state")) body.state = draft.state;
  if (changes.includes("authority")) {
    const others = (user?.restrictedFields ?? []).filter((one) => one.field !== "password");
    body.restrictedFields =
      draft.authority === "none" ? others : [...others, { field: "password", type: draft.authority }];
  }
  return body;
}

/** What is wrong with a Company Email, in words that say what to do. */
export function emailProblem(email: string): string | undefined {
  const value = email.trim();
  if (value === "") return "Enter the person's company e-mail.";
  const at = value.indexOf("@");
  if (at <= 0) return "An e-mail has a name, an @ and a domain, like ana@example.com.";
  const domain = value.slice(at + 1);
  const local = value.slice(0, at);
  if (/[@+]/.test(domain)) {
    return `An alias goes before the @, for example ${local}+secondary@${domain.split(/[@+]/)[0]}.`;
  }
  if (/\s/.test(value)) return "An e-mail has no spaces.";
  if (!/^[^.][^@]*\.[^.@]+$/.test(domain)) return `“${domain}” is not a full domain. It needs a dot, like example.com.`;
  return undefined;
}

/** Problems that need no server to be found, by field; of a row by its path, like `phoneNumbers[1]`. */
export function problemsOf(draft: UserDraft): Record<string, string> {
  const problems: Record<string, string> = phoneProblems(draft.phoneNumbers);
  if (draft.username.trim() === "") problems.username = "Enter a username.";
  const email = emailProblem(draft.email);
  if (email) problems.email = email;
  const alternate = draft.alternateEmail.trim() === "" ? undefined : emailProblem(draft.alternateEmail);
  if (alternate) problems.alternateEmail = alternate;
  const attributes = attributesProblem(draft.attributes);
  if (attributes) problems.attributes = attributes;
  return problems;
}

export const knownFields = [
  ...texts,
  "manager",
  "phoneNumbers",
  "addresses",
  "attributes",
  "state",
  "restrictedFields",
  "password_never_expires",
];
