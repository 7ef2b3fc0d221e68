// Whether applications may register themselves, as a form. Pure.

import type { OrganizationSettings, RegistrationMode } from "../../api/types.ts";

export interface RegistrationDraft {
  mode: RegistrationMode;
  userGroups: string[];
}

export const modes: { value: RegistrationMode; label: string; help: string }[] = [
  { value: "off", label: "Off", help: "Only administrators add applications." },
  {
    value: "token",
    label: "With an initial access token",
    help: "A developer or a tool that you gave a token registers its application itself.",
  },
  {
    value: "open",
    label: "Open to everybody",
    help: "For tests only: anybody who reaches this server can register applications.",
  },
];

export function registrationOf(settings: OrganizationSettings): RegistrationDraft {
  const { mode, userGroups } = settings.clientRegistration ?? {};
  return { mode: mode ?? "off", userGroups: userGroups ?? [] };
}

/** Only this part is sent; the server lays it over the rest. */
export function registrationWrite(draft: RegistrationDraft): Pick<OrganizationSettings, "clientRegistration"> {
  return { clientRegistration: { mode: draft.mode, userGroups: draft.userGroups } };
}

/** Registering works, and yet nobody could use what was registered. */
export function unusable(draft: RegistrationDraft): boolean {
  return draft.mode !== "off" && draft.userGroups.length === 0;
}
