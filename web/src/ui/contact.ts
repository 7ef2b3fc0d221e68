// Phone numbers and postal addresses as rows of a form: what the API holds, read into text fields and back. Pure.

import type { Address, PhoneNumber } from "../api/types.ts";

export type PhoneRow = Record<"type" | "number", string>;

export const addressParts = [
  "streetAddress",
  "extendedAddress",
  "poBox",
  "locality",
  "region",
  "postalCode",
  "country",
] as const;

export type AddressPart = (typeof addressParts)[number];
export type AddressRow = Record<"type" | AddressPart, string>;

export interface Choice {
  value: string;
  label: string;
}

const phoneTypes: Choice[] = [
  { value: "mobile", label: "Mobile" },
  { value: "work", label: "Work" },
  { value: "work_mobile", label: "Work mobile" },
  { value: "work_fax", label: "Work fax" },
  { value: "home", label: "Home" },
];

const addressTypes: Choice[] = [
  { value: "work", label: "Work" },
  { value: "home", label: "Home" },
];

/** A type that came from elsewhere stays a choice. */
function withCurrent(known: Choice[], current: string): Choice[] {
  if (known.some((one) => one.value === current)) return known;
  return [...known, { value: current, label: current === "" ? "Other" : current }];
}

export const phoneChoices = (current: string): Choice[] => withCurrent(phoneTypes, current);
export const addressChoices = (current: string): Choice[] => withCurrent(addressTypes, current);

/** The first type that no row has yet, so that adding rows rarely needs a second choice. */
function unused(known: Choice[], rows: { type: string }[]): string {
  const free = known.find((one) => !rows.some((row) => row.type === one.value));
  return (free ?? known[0])?.value ?? "";
}

export const newPhone = (rows: PhoneRow[]): PhoneRow => ({ type: unused(phoneTypes, rows), number: "" });

export const newAddress = (rows: AddressRow[]): AddressRow => addressRow({ type: unused(addressTypes, rows) });

export function phoneRows(phones: PhoneNumber[] | undefined): PhoneRow[] {
  return (phones ?? []).map((phone) => ({ type: phone.type ?? "", number: phone.number ?? "" }));
}

function addressRow(address: Address): AddressRow {
  const parts = addressParts.map((part) => [part, address[part] ?? ""]);
  return { ...(Object.fromEntries(parts) as Record<AddressPart, string>), type: address.type ?? "" };
}

export function addressRows(addresses: Address[] | undefined): AddressRow[] {
  return (addresses ?? []).map(addressRow);
}

/** Rows without a number are not saved. */
export function phonesWritten(rows: PhoneRow[]): PhoneNumber[] {
  return rows
    .map((row) => ({ ...(row.type && { type: row.type }), number: row.number.trim() }))
    .filter((row) => row.number !== "");
}

/** Addresses with nothing but a type are not saved; of the others, empty parts are left out. */
export function addressesWritten(rows: AddressRow[]): Address[] {
  return rows
    .map((row) => addressParts.map((part) => [part, row[part].trim()] as const).filter(([, value]) => value !== ""))
    .map((parts, index) => ({ parts, type: rows[index]?.type }))
    .filter(({ parts }) => parts.length > 0)
    .map(({ parts, type }) => ({ ...Object.fromEntries(parts), ...(type && { type }) }));
}

/** What is wrong with a phone number, in words that say what to do. */
export function phoneProblem(number: string): string | undefined {
  const value = number.trim();
  if (value === "") return undefined;
  const plain = value.replace(/(ext\.?|x|#)\s*\d+$/i, "");
  if (/[^\d\s+().\-/]/.test(plain)) return "Use digits, spaces and + ( ) - . only, like +49 30 901820.";
  if (plain.lastIndexOf("+") > 0) return "A + stands only at the beginning.";
  const digits = plain.replace(/\D/g, "").length;
  if (digits < 3 || digits > 17) return "A phone number has 3 to 17 digits, like +49 30 901820.";
  return undefined;
}

/** The problems of all rows by their path, like `phoneNumbers[1]`. */
export function phoneProblems(rows: PhoneRow[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [index, row] of rows.entries()) {
    const problem = phoneProblem(row.number);
    if (problem) found[`phoneNumbers[${index}]`] = problem;
  }
  return found;
}
