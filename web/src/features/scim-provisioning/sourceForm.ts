// Where a directory is read, as a form. Pure.

import type { FeedSource, FeedSourceWrite } from "../../api/types.ts";

export interface SourceDraft {
  host: string;
  port: string;
  security: "ldaps" | "starttls" | "none";
  certificates: string;
  bindDn: string;
  baseDn: string;
  groupBaseDn: string;
  flavor: "open_ldap" | "ds389" | "active_directory";
  userFilter: string;
  groupFilter: string;
  attributes: string;
  adminEmail: string;
  customer: string;
  domain: string;
  query: string;
  apiUrl: string;
  tokenUrl: string;
  groups: boolean;
  everyMinutes: string;
  guardCount: number | string;
  guardPercent: number | string;
  secret: string;
}

export const every = [
  { value: "0", label: "Only when asked" },
  { value: "15", label: "Every 15 minutes" },
  { value: "60", label: "Every hour" },
  { value: "360", label: "Every 6 hours" },
  { value: "1440", label: "Every day" },
];

export const flavors = [
  { value: "open_ldap", label: "OpenLDAP and others" },
  { value: "ds389", label: "389 Directory Server, FreeIPA" },
  { value: "active_directory", label: "Active Directory, Samba" },
];

export const securities = [
  { value: "ldaps", label: "LDAPS (port 636)" },
  { value: "starttls", label: "StartTLS (port 389)" },
  { value: "none", label: "Not encrypted (port 389)" },
];

export function sourceDraftOf(source: FeedSource | null): SourceDraft {
  const ldap = source?.ldap;
  const google = source?.google;
  return {
    host: ldap?.host ?? "",
    port: ldap?.port ? String(ldap.port) : "",
    security: ldap?.security ?? "ldaps",
    certificates: ldap?.certificates ?? "",
    bindDn: ldap?.bindDn ?? "",
    baseDn: ldap?.baseDn ?? "",
    groupBaseDn: ldap?.groupBaseDn ?? "",
    flavor: ldap?.flavor ?? "open_ldap",
    userFilter: ldap?.userFilter ?? "",
    groupFilter: ldap?.groupFilter ?? "",
    attributes: Object.entries(ldap?.attributes ?? {})
      .map(([field, attribute]) => `${field} = ${attribute}`)
      .join("\n"),
    adminEmail: google?.adminEmail ?? "",
    customer: google?.customer ?? "my_customer",
    domain: google?.domain ?? "",
    query: google?.query ?? "",
    apiUrl: google?.apiUrl ?? "https://admin.googleapis.com",
    tokenUrl: google?.tokenUrl ?? "https://oauth2.googleapis.com/token",
    groups: source?.groups ?? true,
    everyMinutes: String(source?.everyMinutes ?? 60),
    guardCount: source?.guard.count ?? 50,
    guardPercent: source?.guard.percent ?? 10,
    secret: "",
  };
}

const orNull = (text: string) => text.trim() || null;

/** `field = attribute`, one a line. */
export function attributesOf(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [field = "", ...attribute] = line.split("=");
      return [field.trim(), attribute.join("=").trim()];
    }),
  );
}

export function sourceWriteOf(draft: SourceDraft, type: string): FeedSourceWrite {
  const common = {
    groups: draft.groups,
    everyMinutes: Number(draft.everyMinutes),
    guard: { count: Number(draft.guardCount), percent: Number(draft.guardPercent) },
    ...(draft.secret === "" ? {} : { secret: draft.secret }),
  };
  if (type === "google_workspace") {
    return {
      ...common,
      google: {
        adminEmail: draft.adminEmail.trim(),
        customer: draft.customer.trim(),
        domain: orNull(draft.domain),
        query: orNull(draft.query),
        apiUrl: draft.apiUrl.trim(),
        tokenUrl: draft.tokenUrl.trim(),
      },
    };
  }
  return {
    ...common,
    ldap: {
      host: draft.host.trim(),
      port: draft.port.trim() === "" ? null : Number(draft.port),
      security: draft.security,
      certificates: orNull(draft.certificates),
      bindDn: draft.bindDn.trim(),
      baseDn: draft.baseDn.trim(),
      groupBaseDn: orNull(draft.groupBaseDn),
      flavor: draft.flavor,
      userFilter: orNull(draft.userFilter),
      groupFilter: orNull(draft.groupFilter),
      attributes: attributesOf(draft.attributes),
    },
  };
}
