// The organization, its administrators and keys, and the portal. See types.ts.

import type { Id, OrganizationRef, RestrictedField, User, UserState } from "./types.ts";
import type { SigningAlg } from "./typesAccess.ts";

// ---- organization, administrators, keys

export interface PasswordPolicy {
  enableMinLength?: boolean;
  minLength?: number;
  needsLowercase?: boolean;
  needsUppercase?: boolean;
  needsNumeric?: boolean;
  needsSymbolic?: boolean;
  allowUsernameSubstring?: boolean;
  disallowCommonlyUsedPasswords?: boolean;
  enableMaxHistory?: boolean;
  maxHistory?: number;
  enablePasswordExpirationInDays?: boolean;
  passwordExpirationInDays?: number;
}

export interface OrganizationSettings {
  passwordPolicy?: PasswordPolicy;
  userPortal?: { idleSessionDurationMinutes?: number; cookieExpirationType?: string };
  newSystemUserStateDefaults?: { manualEntry?: UserState; csvImport?: UserState; applicationImport?: UserState };
  systemUserDefaults?: { restrictedFields?: RestrictedField[] };
  systemUsersCanEdit?: boolean;
  /** Whom to ask, shown on pages that refuse a sign-in. */
  contactName?: string;
  contactEmail?: string;
}

export interface Organization {
  _id: Id;
  displayName: string;
  slug: string;
  logoUrl: string | null;
  provider: Id | null;
  settings: OrganizationSettings;
  created?: string;
}

export interface Administrator {
  _id: Id;
  email: string;
  firstname: string;
  lastname: string;
  roleName: string;
  apiKeySet: boolean;
  suspended: boolean;
  created: string;
  activationLink?: string;
}

export interface ApiKey {
  apiKey: string;
  prefix: string;
  createdAt: string;
}

export interface SigningKey {
  kid: string;
  alg: SigningAlg;
  state: "active" | "next" | "retiring";
  createdAt: string;
  lastUsedAt: string | null;
  /** From when on it signs. */
  signsFrom?: string | null;
  /** When it leaves the key set. */
  dropAt?: string | null;
}

// ---- portal

export interface Me {
  user: Pick<User, "username" | "email" | "firstname" | "lastname" | "displayname"> &
    Partial<Pick<User, "middlename" | "alternateEmail" | "jobTitle" | "department" | "location">>;
  organization: OrganizationRef;
  passwordAuthority: string;
  canChangePassword: boolean;
  canEditProfile: boolean;
}

export interface PortalApplication {
  id: Id;
  displayLabel: string;
  description: string;
  logoUrl: string | null;
  url: string;
}
