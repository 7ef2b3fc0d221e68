// A person's own profile as a form. Pure.

import type { Me } from "../../api/types.ts";
import {
  type AddressRow,
  addressesWritten,
  addressRows,
  type PhoneRow,
  phoneProblems,
  phoneRows,
  phonesWritten,
} from "../../ui/contact.ts";
import { emailProblem } from "../users/form.ts";

const texts = ["firstname", "lastname", "displayname", "alternateEmail"] as const;

export interface ProfileDraft extends Record<(typeof texts)[number], string> {
  phoneNumbers: PhoneRow[];
  addresses: AddressRow[];
}

export function draftOf(user: Me["user"]): ProfileDraft {
  const { firstname, lastname, displayname, alternateEmail } = user;
  return {
    firstname,
    lastname,
    displayname,
    alternateEmail,
    phoneNumbers: phoneRows(user.phoneNumbers),
    addresses: addressRows(user.addresses),
  };
}

/** Only what changed is sent: the server refuses what a person may not write. */
export function writeOf(draft: ProfileDraft, changes: (keyof ProfileDraft)[]): Partial<Me["user"]> {
  const body: Partial<Me["user"]> = {};
  for (const name of texts) if (changes.includes(name)) body[name] = draft[name].trim();
  if (changes.includes("phoneNumbers")) body.phoneNumbers = phonesWritten(draft.phoneNumbers);
  if (changes.includes("addresses")) body.addresses = addressesWritten(draft.addresses);
  return body;
}

/** Problems that need no server to be found, by field. */
export function problemsOf(draft: ProfileDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  const alternate = draft.alternateEmail.trim() === "" ? undefined : emailProblem(draft.alternateEmail);
  if (alternate) problems.alternateEmail = alternate;
  return { ...problems, ...phoneProblems(draft.phoneNumbers) };
}

export const knownFields = [...texts, "phoneNumbers", "addresses"];
