// An application of an organization, made through the public API. Never here: the application's own server.
import { must } from "./api.ts";
import type { Muster, Organization } from "./muster.ts";

export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export interface Made {
  id: string;
  clientId: string;
  clientSecret: string;
}

export interface Wanted {
  label: string;
  description?: string;
  active?: boolean;
  /** Settings of the SSO tab by their names in the API; without them there is nothing to sign in to yet. */
  oidc?: object;
  /** The groups whose members may use it. */
  groups: string[];
}

export async function makeApplication(muster: Muster, org: Organization, wanted: Wanted): Promise<Made> {
  const { label, description = "", active = true, oidc, groups } = wanted;
  const call = <Body>(path: string, body: object) => must<Body>(muster, org, "POST", path, body);
  const sso = { type: "oidc", hidden: false };
  const made = await call<{ _id: string }>("/api/applications", { name: "oidc", displayLabel: label, description, active, sso });
  const id = made._id;
  if (!oidc) return { id, clientId: "", clientSecret: "" };
  const saved = await call<{ oidc: { clientId: string; clientSecret?: string } }>(`/api/v2/applications/${id}/sso`, { ...sso, oidc });
  for (const group of groups) {
    await call(`/api/v2/applications/${id}/associations`, { op: "add", type: "user_group", id: group });
  }
  return { id, clientId: saved.oidc.clientId, clientSecret: saved.oidc.clientSecret ?? "" };
}
