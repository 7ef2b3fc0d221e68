import type { Organization, OrganizationSettings, UserState } from "../../api/types.ts";
import { authorityOf } from "../users/form.ts";

export interface OrganizationDraft {
  displayName: string;
  logo: string | null;
  contactName: string;
  contactEmail: string;
  minLength: number | "";
  lowercase: boolean;
  uppercase: boolean;
  numeric: boolean;
  symbolic: boolean;
  noCommon: boolean;
  noUsername: boolean;
  expires: boolean;
  expiresDays: number | "";
  history: boolean;
  historyCount: number | "";
  idleMinutes: number | "";
  state: UserState;
  authority: string;
  canEdit: boolean;
  confirmPercent: number | "";
}

export function draftOf(org: Organization): OrganizationDraft {
  const { passwordPolicy: policy, userPortal, newSystemUserStateDefaults, systemUserDefaults } = org.settings;
  return {
    displayName: org.displayName,
    logo: org.logoUrl ?? null,
    contactName: org.settings.contactName ?? "",
    contactEmail: org.settings.contactEmail ?? "",
    minLength: policy.minLength,
    lowercase: policy.needsLowercase,
    uppercase: policy.needsUppercase,
    numeric: policy.needsNumeric,
    symbolic: policy.needsSymbolic,
    noCommon: policy.disallowCommonlyUsedPasswords,
    noUsername: !policy.allowUsernameSubstring,
    expires: policy.enablePasswordExpirationInDays,
    expiresDays: policy.passwordExpirationInDays,
    history: policy.enableMaxHistory,
    historyCount: policy.maxHistory,
    idleMinutes: userPortal.idleSessionDurationMinutes,
    state: newSystemUserStateDefaults?.manualEntry ?? "ACTIVATED",
    authority: authorityOf(systemUserDefaults?.restrictedFields),
    canEdit: org.settings.systemUsersCanEdit ?? true,
    confirmPercent: org.settings.groupChanges?.confirmAbovePercent ?? 0,
  };
}

const whole = (value: number | "", otherwise: number) => (value === "" ? otherwise : value);

/** What this page edits; the server lays it over the rest. */
export function settingsOf(draft: OrganizationDraft, before: OrganizationSettings): Partial<OrganizationSettings> {
  const others = (before.systemUserDefaults?.restrictedFields ?? []).filter((one) => one.field !== "password");
  const password = draft.authority === "none" ? [] : [{ field: "password", type: draft.authority }];
  return {
    passwordPolicy: {
      enableMinLength: true,
      minLength: whole(draft.minLength, 12),
      needsLowercase: draft.lowercase,
      needsUppercase: draft.uppercase,
      needsNumeric: draft.numeric,
      needsSymbolic: draft.symbolic,
      disallowCommonlyUsedPasswords: draft.noCommon,
      allowUsernameSubstring: !draft.noUsername,
      enablePasswordExpirationInDays: draft.expires,
      passwordExpirationInDays: whole(draft.expiresDays, 90),
      enableMaxHistory: draft.history,
      maxHistory: whole(draft.historyCount, 5),
    },
    userPortal: { idleSessionDurationMinutes: whole(draft.idleMinutes, 480) },
    newSystemUserStateDefaults: { ...before.newSystemUserStateDefaults, manualEntry: draft.state },
    systemUserDefaults: { restrictedFields: [...others, ...password] },
    systemUsersCanEdit: draft.canEdit,
    groupChanges: { confirmAbovePercent: whole(draft.confirmPercent, 0) },
    contactName: draft.contactName.trim(),
    contactEmail: draft.contactEmail.trim(),
  };
}

/** How the server names the fields of the page. */
export const serverNames: Partial<Record<keyof OrganizationDraft, string>> = {
  displayName: "displayName",
  contactName: "settings.contactName",
  contactEmail: "settings.contactEmail",
  minLength: "settings.passwordPolicy.minLength",
  expiresDays: "settings.passwordPolicy.passwordExpirationInDays",
  historyCount: "settings.passwordPolicy.maxHistory",
  idleMinutes: "settings.userPortal.idleSessionDurationMinutes",
  confirmPercent: "settings.groupChanges.confirmAbovePercent",
};
