// The attribute mapping of an application as rows of a form. Pure.

import type { ProvisionRule } from "../../../api/types.ts";

export type Source = "attribute" | "constant" | "template";

export interface RuleRow {
  target: string;
  source: Source;
  value: string;
  once: boolean;
  /** Of whom the row holds, in the language of rules; undefined: of everybody. */
  condition?: string;
}

export const sources: { value: Source; label: string }[] = [
  { value: "attribute", label: "Attribute" },
  { value: "constant", label: "Constant" },
  { value: "template", label: "Text with fields" },
];

export const newRow = (): RuleRow => ({ target: "", source: "attribute", value: "", once: false });

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const field = (target: string, value: string): RuleRow => ({ target, source: "attribute", value, once: false });

/** What an application starts with; the server's own, which is asked for by leaving the mapping out. */
export const defaultRules: RuleRow[] = [
  field("userName", "username"),
  field("externalId", "id"),
  field("name.givenName", "firstname"),
  field("name.middleName", "middlename"),
  field("name.familyName", "lastname"),
  field("displayName", "displayname"),
  field('emails[type eq "work"].value', "email"),
  { target: 'emails[type eq "work"].primary', source: "constant", value: "true", once: false },
  field("title", "jobTitle"),
  field("userType", "employeeType"),
  field(`${ENTERPRISE}:department`, "department"),
  field(`${ENTERPRISE}:costCenter`, "costCenter"),
  field(`${ENTERPRISE}:organization`, "company"),
  field(`${ENTERPRISE}:employeeNumber`, "employeeIdentifier"),
  field(`${ENTERPRISE}:manager.value`, "manager.remoteId"),
  ...["work", "mobile", "home"].map((type) => field(`phoneNumbers[type eq "${type}"].value`, `phoneNumbers.${type}`)),
  ...["streetAddress", "locality", "region", "postalCode", "country"].map((part) =>
    field(`addresses[type eq "work"].${part}`, `addresses.work.${part}`),
  ),
];

/** Targets that are often added; anything else may be typed. */
export const knownTargets = [
  ...defaultRules.map((row) => row.target),
  "nickName",
  "profileUrl",
  "preferredLanguage",
  "locale",
  "timezone",
  `${ENTERPRISE}:division`,
  'phoneNumbers[type eq "fax"].value',
  'addresses[type eq "home"].streetAddress',
];

/** Fields of a person that only provisioning knows. */
export const furtherFields = [
  "id",
  "manager.remoteId",
  "phoneNumbers.work",
  "phoneNumbers.mobile",
  "phoneNumbers.home",
  "addresses.work.streetAddress",
  "addresses.work.locality",
  "addresses.work.region",
  "addresses.work.postalCode",
  "addresses.work.country",
];

export function rowOf(rule: ProvisionRule): RuleRow {
  const rest = {
    target: rule.target,
    once: rule.when === "onlyAtCreation",
    ...(typeof rule.condition === "string" && { condition: rule.condition }),
  };
  if (typeof rule.attribute === "string") return { ...rest, source: "attribute", value: rule.attribute };
  if (typeof rule.template === "string") return { ...rest, source: "template", value: rule.template };
  const { constant } = rule;
  const value = typeof constant === "string" ? constant : JSON.stringify(constant ?? "");
  return { ...rest, source: "constant", value };
}

/** Truths and numbers are sent as such, everything else as text. */
function constantOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text;
}

/** Null for a row without anything in it. */
export function ruleOf(row: RuleRow): ProvisionRule | null {
  const target = row.target.trim();
  const value = row.value.trim();
  if (target === "" && value === "") return null;
  const condition = row.condition?.trim();
  const rest: ProvisionRule = { target, when: row.once ? "onlyAtCreation" : "always", ...(condition && { condition }) };
  if (row.source === "constant") return { ...rest, constant: constantOf(value) };
  return { ...rest, [row.source]: value };
}

/** The first row that is wrong, and what to do about it. */
export function rulesProblems(rows: RuleRow[]): { index: number; message: string } | undefined {
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const target = row.target.trim().toLowerCase();
    if (target === "" && row.value.trim() === "") continue;
    if (target === "" || row.value.trim() === "") {
      return { index, message: "Each row needs both sides. Clear the row that is not needed." };
    }
    const isForSome = (row.condition ?? "").trim() !== "";
    if (seen.has(target) && isForSome) {
      return { index, message: "Never reached: put this row above the one for everybody." };
    }
    if (seen.has(target)) return { index, message: `${row.target.trim()} is mapped twice: keep one row.` };
    if (row.source === "template" && !/^[^{}]*(\{[^{}\s]+\}[^{}]*)*$/.test(row.value)) {
      return { index, message: "Write each field in braces, like {firstname} {lastname}." };
    }
    if (!isForSome) seen.add(target);
  }
  if (!seen.has("username")) {
    return { index: 0, message: "userName is missing: every application needs it. Add a row for it." };
  }
  return undefined;
}

/** A SCIM path, short enough for a person: without the names of the standard's schemas. */
export function shortTarget(target: string): string {
  return target.replace(`${ENTERPRISE}:`, "enterprise: ");
}
