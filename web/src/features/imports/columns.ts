// What the columns of a file mean: guessed from their names as the server does it, and what is wrong with a choice. Pure.

import { phoneChoices } from "../../ui/contact.ts";

export type KnownBy = "email" | "username";

/** What a column means: the API name of an attribute, or nothing for a column that is not taken in. */
export type Target = string | null;

/** Columns of phone numbers and custom attributes begin so. */
export const PHONE = "phoneNumbers.";
export const CUSTOM = "attributes.";

/** The attributes of `column.rs`, in its order. */
export const attributes = [
  { name: "_id", label: "ID" },
  { name: "username", label: "Username" },
  { name: "email", label: "Company Email" },
  { name: "firstname", label: "First Name" },
  { name: "middlename", label: "Middle Name" },
  { name: "lastname", label: "Last Name" },
  { name: "displayname", label: "Display Name" },
  { name: "state", label: "User State" },
  { name: "description", label: "Description" },
  { name: "company", label: "Company" },
  { name: "department", label: "Department" },
  { name: "costCenter", label: "Cost Center" },
  { name: "jobTitle", label: "Job Title" },
  { name: "employeeIdentifier", label: "Employee ID" },
  { name: "employeeType", label: "Employee Type" },
  { name: "location", label: "Location" },
  { name: "manager", label: "Manager" },
  { name: "alternateEmail", label: "Alternate Email" },
] as const;

const synonyms: Record<string, string> = {
  mail: "email",
  emailaddress: "email",
  title: "jobtitle",
  givenname: "firstname",
  surname: "lastname",
  familyname: "lastname",
};

/** Letters' case, spaces and signs do not count. */
const plain = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** The API name that a column's name means, as `column::named` has it. */
export function named(column: string): Target {
  const name = column.trim();
  if ([CUSTOM, PHONE].some((prefix) => name.startsWith(prefix) && name.length > prefix.length)) return name;
  const wanted = synonyms[plain(name)] ?? plain(name);
  if (wanted === "") return null;
  return attributes.find((one) => plain(one.name) === wanted || plain(one.label) === wanted)?.name ?? null;
}

/** What the columns probably mean. Where two mean the same the first has it. */
export function guess(columns: string[]): Target[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const target = named(column);
    if (target === null || taken.has(target)) return null;
    taken.add(target);
    return target;
  });
}

/** How a column is called on the page, also where the file gives it no name. */
export const columnName = (columns: string[], index: number): string => columns[index]?.trim() || `Column ${index + 1}`;

/** How an attribute is called on the page. */
export function targetName(target: string): string {
  if (target.startsWith(CUSTOM)) return `attribute ${target.slice(CUSTOM.length)}`;
  if (target.startsWith(PHONE)) return `${target.slice(PHONE.length)} phone`;
  return attributes.find((one) => one.name === target)?.label ?? target;
}

/** The choice "Other phone" or "Custom attribute", which asks for a name beside it. */
export const isNamed = (choice: string): boolean => choice === CUSTOM || choice === PHONE;

const phones = phoneChoices("work").map((one) => ({ value: PHONE + one.value, label: `${one.label} phone` }));

/** The choice that leaves a column out. */
const LEFT_OUT = "-";

/** The choices of a column's Select, in groups. */
export const choices = [
  { value: LEFT_OUT, label: "Do not import" },
  { group: "Attributes", items: attributes.map((one) => ({ value: one.name as string, label: one.label as string })) },
  { group: "Phone numbers", items: [...phones, { value: PHONE, label: "Other phone" }] },
  { group: "Your own", items: [{ value: CUSTOM, label: "Custom attribute" }] },
];

/** The choice that stands for a target. */
export function choiceOf(target: Target): string {
  if (target === null) return LEFT_OUT;
  if (target.startsWith(CUSTOM)) return CUSTOM;
  if (target.startsWith(PHONE) && !phones.some((one) => one.value === target)) return PHONE;
  return target;
}

/** The target of a choice; what needs a name of its own begins with the column's. */
export function targetOf(choice: string, column: string): Target {
  if (choice === LEFT_OUT) return null;
  return isNamed(choice) ? choice + column.trim() : choice;
}

/** What is wrong with the choice for each column; `undefined` where nothing is. */
export function columnProblems(columns: string[], targets: Target[]): (string | undefined)[] {
  return targets.map((target, index) => {
    if (target === null) return undefined;
    if (isNamed(target.trim())) return "Give it a name.";
    const other = targets.findIndex((one) => one?.trim() === target.trim());
    if (other === index) return undefined;
    return `“${columnName(columns, other)}” is ${targetName(target.trim())} already. Choose one of the two.`;
  });
}

/** What is wrong with the choices together. */
export function mappingProblem(targets: Target[], knownBy: KnownBy): string | undefined {
  if (targets.includes(knownBy) || targets.includes("_id")) return undefined;
  return `Choose the column that is ${targetName(knownBy)}: people are matched by it.`;
}
