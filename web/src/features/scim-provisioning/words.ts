// Directories that feed us, in words. Pure.

import type { DirectoryProvider, DirectoryProviderType, Role, RoleMapping, RoleMappingWrite } from "../../api/types.ts";

export interface ProviderKind {
  type: DirectoryProviderType;
  label: string;
  text: string;
  /** Whether we read it; the others push. */
  read?: boolean;
  /** What to do there, in the words that stand there. */
  steps: string[];
}

export const providerKinds: ProviderKind[] = [
  {
    type: "okta",
    label: "Okta",
    text: "Okta sends its people and groups by a SCIM integration.",
    steps: [
      "In Okta, add the SCIM 2.0 Test App (OAuth Bearer Token), or turn on SCIM in an application of yours.",
      "Under Provisioning > Integration enter the Endpoint as SCIM connector base URL and the Bearer Token. Choose userName as the unique identifier.",
      "Under To App turn on Create Users, Update User Attributes and Deactivate Users.",
      "Assign people under Assignments, and groups under Push Groups.",
    ],
  },
  {
    type: "entra",
    label: "Entra ID",
    text: "Microsoft Entra ID sends its people and groups by an enterprise application.",
    steps: [
      "In the Entra admin center, add a non-gallery enterprise application and open Provisioning.",
      "Choose Automatic. Enter the Endpoint as Tenant URL and the Bearer Token as Secret Token, then Test Connection.",
      "Add ?aadOptscim062020 to the Tenant URL, so that changes come in the standard's form.",
      "Assign people and groups, then start provisioning.",
    ],
  },
  {
    type: "jumpcloud",
    label: "JumpCloud",
    text: "JumpCloud sends the members of the user groups that are bound to an application there.",
    steps: [
      "In JumpCloud, add a Custom Application with “Export users to this app (Identity Management)”.",
      "Under Identity Management choose SCIM API and SCIM 2.0, enter the Endpoint as Base URL and the Bearer Token as Token Key.",
      "Test Connection, then Activate and Save.",
      "Bind user groups to the application: their members come here.",
    ],
  },
  {
    type: "onelogin",
    label: "OneLogin",
    text: "OneLogin sends its people by a SCIM Provisioner application.",
    steps: [
      "In OneLogin, add the application SCIM Provisioner with SAML (SCIM v2 Enterprise).",
      "Under Configuration enter the Endpoint as SCIM Base URL and the Bearer Token as SCIM Bearer Token, then Enable.",
      "Under Provisioning turn on Enable provisioning, and what may happen without approval.",
    ],
  },
  {
    type: "google",
    label: "Google Workspace",
    text: "Google Workspace sends its people by automatic provisioning of an application, or through a bridge.",
    steps: [
      "In the Google Admin console, open an application with autoprovisioning, or a SCIM bridge such as ssosync.",
      "Enter the Endpoint and the Bearer Token.",
      "Choose whom it applies to, then turn it on.",
    ],
  },
  {
    type: "generic",
    label: "Generic SCIM 2.0",
    text: "Another Muster organization, or any directory that speaks SCIM 2.0.",
    steps: [
      "In the other directory, add a SCIM 2.0 target. In another Muster organization that is a Custom Application with “Export users to this app”.",
      "Enter the Endpoint as base URL and the Bearer Token.",
      "Assign people and groups there, then activate it.",
    ],
  },
];

/** Directories that we read. */
export const readKinds: ProviderKind[] = [
  {
    type: "google_workspace",
    label: "Google Workspace Import",
    text: "Muster reads the people and groups of Google Workspace by a service account, on a schedule.",
    read: true,
    steps: [],
  },
  {
    type: "ldap",
    label: "LDAP Import",
    text: "Muster reads OpenLDAP, 389 Directory Server, FreeIPA or Active Directory, on a schedule.",
    read: true,
    steps: [],
  },
];

export function kindOf(type: DirectoryProviderType): ProviderKind {
  const found = [...providerKinds, ...readKinds].find((one) => one.type === type) ?? providerKinds.at(-1);
  if (!found) throw new Error("there is no kind of provider");
  return found;
}

/** The usual name, numbered where it is taken. */
export function freeName(label: string, taken: string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? label : `${label} ${number}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

/** A row of the table of roles, as it is typed. */
export interface RoleRow {
  group: string;
  /** A user group here, or an administrators' role. */
  userGroup: string | null;
  role: Role | null;
  /** How many people a group may hold that gives a role. */
  limit: number | string;
}

export const roles: { value: Role; label: string }[] = [
  { value: "Administrator", label: "Administrator" },
  { value: "Read Only", label: "Read Only" },
];
/** How many people when nothing is said. */
export const LIMIT = 20;

export function rowOf({ group, userGroup, role, limit }: RoleMapping): RoleRow {
  return { group, userGroup: userGroup ?? null, role: role ?? null, limit: limit ?? LIMIT };
}

const givesNothing = (row: RoleRow) => row.userGroup === null && row.role === null;

/** Rows without anything in them are not saved. */
export function givenMappings(rows: RoleRow[]): RoleMappingWrite[] {
  return rows
    .filter((row) => !givesNothing(row) && row.group.trim() !== "")
    .map(({ group, userGroup, role, limit }) =>
      role ? { group: group.trim(), role, limit: Number(limit) } : { group: group.trim(), userGroup },
    );
}

/** A group that gives nobody new its role, in words. */
export function heldText({ held, limit }: RoleMapping): string | undefined {
  if (!held) return undefined;
  const members = count(held.members, "member", "members");
  return `Held: the group has ${members}, the mapping allows ${limit ?? LIMIT}. Nobody new gets the role.`;
}

/** What the server says would follow, without what it says to programs. */
export function consequence(message: string): string {
  const [text = message] = message.split(". Look at it");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What is wrong with the table of roles: the row, and what to do. */
export function mappingProblem(rows: RoleRow[]): { index: number; message: string } | undefined {
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const group = row.group.trim();
    if (group === "" && givesNothing(row)) continue;
    if (group === "") return { index, message: "Enter the name of a group that comes from the directory." };
    if (givesNothing(row)) return { index, message: "Choose what its members get." };
    const limit = Number(row.limit);
    if (row.role && (!Number.isInteger(limit) || limit < 1 || limit > 1000)) {
      return { index, message: "Enter a whole number from 1 to 1,000." };
    }
    const key = JSON.stringify([group.toLowerCase(), row.role ? "role" : row.userGroup]);
    if (seen.has(key)) return { index, message: `“${group}” gets this twice. Remove one of the rows.` };
    seen.add(key);
  }
  return undefined;
}

/** Whether anything has come yet, in words. */
export function lifeOf(provider: Pick<DirectoryProvider, "active" | "lastRequestAt"> & { read?: boolean }) {
  if (!provider.active) return { tone: "muted", label: "Disabled" } as const;
  if (provider.read) return { tone: "info", label: "Read by Muster" } as const;
  if (!provider.lastRequestAt) return { tone: "waiting", label: "Waiting for the first request" } as const;
  return { tone: "ok", label: "Connected" } as const;
}

export const count = (number: number, one: string, many: string) =>
  number === 1 ? `1 ${one}` : `${number.toLocaleString()} ${many}`;
