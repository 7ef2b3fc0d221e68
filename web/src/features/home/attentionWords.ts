// What needs an administrator, in words and tones. Pure.

import type { AttentionItem } from "../../api/types.ts";
import type { StatusTone } from "../../ui/Status.tsx";

type Kind = AttentionItem["kind"];
type State = AttentionItem["state"];

export const kindWords: Record<Kind, string> = {
  provisioning: "Identity Management",
  directory_provider: "Directory provider",
  migration: "Migration",
  application_import: "Import from an application",
  bulk_job: "Bulk job",
  saml_certificate: "SAML certificate",
  identity_provider_certificate: "Identity provider's certificate",
  saml_metadata: "SAML metadata",
  user_group: "User group",
  system_group: "Device group",
};

export const stateWords: Record<State, { label: string; tone: StatusTone }> = {
  unreachable: { label: "Unreachable", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  failing: { label: "Failing", tone: "bad" },
  flagged: { label: "Broken rule", tone: "bad" },
  held: { label: "Waits for you", tone: "warn" },
  review: { label: "To review", tone: "warn" },
  ends: { label: "Ends soon", tone: "warn" },
  quiet: { label: "Silent", tone: "warn" },
};

/** Where a link of the server leads, in parts that the router takes. */
export function partsOf(link: string): { to: string; search: Record<string, string> } {
  const [to = "", query = ""] = link.split("?", 2);
  return { to, search: Object.fromEntries(new URLSearchParams(query)) };
}
