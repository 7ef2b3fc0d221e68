import type { Organization, OrganizationSettings, UserState } from "../../api/types.ts";
import { authorityOf } from "../users/form.ts";

export interface OrganizationDraft {
  displayName: string;
  logo: string | null;
  minLength: number | "";
  lockout: boolean;
  maxLoginAttempts: number | "";
  lockoutMinutes: number | "";
  expires: boolean;
  expiresDays: number | "";
  history: boolean;
  historyCount: number | "";
  idleMinutes: number | "";
  state: UserState;
  authority: string;
  canEdit: boolean;
}

export function draftOf(org: Organization): OrganizationDraft {
  const { passwordPolicy: policy = {}, userPortal = {}, newSystemUserStateDefaults, systemUserDefaults } = org.settings;
  return {
    displayName: org.displayName,
    logo: org.logoUrl,
    minLength: policy.minLength ?? 12,
    lockout: policy.enableMaxLoginAttempts ?? true,
    maxLoginAttempts: policy.maxLoginAttempts ?? 10,
    lockoutMinutes: Math.round((policy.lockoutTimeInSeconds ?? 900) / 60),
    expires: policy.enablePasswordExpirationInDays ?? false,
    expiresDays: policy.passwordExpirationInDays ?? 365,
    history: policy.enableMaxHistory ?? false,
    historyCount: policy.maxHistory ?? 5,
    idleMinutes: userPortal.idleSessionDurationMinutes ?? 60,
    state: newSystemUserStateDefaults?.manualEntry ?? "ACTIVATED",
    authority: authorityOf(systemUserDefaults?.restrictedFields),
    canEdit: org.settings.systemUsersCanEdit ?? true,
  };
}

const whole = (value: number | "", otherwise: number) => (value === "" ? otherwise : value);

/** The settings, with the members that this page does not know kept as they came. */
export function settingsOf(draft: OrganizationDraft, before: OrganizationSettings): OrganizationSettings {
  const others = (before.systemUserDefaults?.restrictedFields ?? []).filter((one) => one.field !== "password");
  const password = draft.authority === "none" ? [] : [{ field: "password", type: draft.authority }];
  return {
    ...before,
    passwordPolicy: {
      ...before.passwordPolicy,
      minLength: whole(draft.minLength, 12),
      enableMaxLoginAttempts: draft.lockout,
      maxLoginAttempts: whole(draft.maxLoginAttempts, 10),
      lockoutTimeInSeconds: whole(draft.lockoutMinutes, 15) * 60,
      enablePasswordExpirationInDays: draft.expires,
      passwordExpirationInDays: whole(draft.expiresDays, 365),
      enableMaxHistory: draft.history,
      maxHistory: whole(draft.historyCount, 5),
    },
    userPortal: { ...before.userPortal, idleSessionDurationMinutes: whole(draft.idleMinutes, 60) },
    newSystemUserStateDefaults: { ...before.newSystemUserStateDefaults, manualEntry: draft.state },
    systemUserDefaults: { ...before.systemUserDefaults, restrictedFields: [...others, ...password] },
    systemUsersCanEdit: draft.canEdit,
  };
}
