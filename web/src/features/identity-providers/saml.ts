import type { IdpSamlSettings } from "../../api/types.ts";

/** What is entered about a provider that speaks SAML. Certificates are one text: PEM, one after the other. */
export interface SamlDraft {
  entityId: string;
  ssoUrl: string;
  ssoBinding: "HTTP-Redirect" | "HTTP-POST";
  certificates: string;
  signRequests: boolean;
  nameIdFormat: string;
  subjectAttribute: string;
  requireEncryptedAssertion: boolean;
  allowCbc: boolean;
}

export const newSaml: SamlDraft = {
  entityId: "",
  ssoUrl: "",
  ssoBinding: "HTTP-Redirect",
  certificates: "",
  signRequests: true,
  nameIdFormat: "",
  subjectAttribute: "",
  requireEncryptedAssertion: false,
  allowCbc: false,
};

export const nameIdFormats = [
  { value: "", label: "Whatever the provider sends" },
  { value: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", label: "Persistent" },
  { value: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", label: "E-mail address" },
  { value: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", label: "Unspecified" },
];

/** A certificate as PEM, from base64 of its DER form. */
export function pem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n");
}

/** The certificates of a text: PEM blocks, or one in base64. */
export function certificatesIn(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (blocks) return blocks;
  return text.trim() === "" ? [] : [text.trim()];
}

export function samlDraftOf(saml: IdpSamlSettings | null | undefined): SamlDraft {
  if (!saml) return newSaml;
  return {
    entityId: saml.entityId ?? "",
    ssoUrl: saml.ssoUrl ?? "",
    ssoBinding: saml.ssoBinding ?? "HTTP-Redirect",
    certificates: (saml.certificates ?? []).map(pem).join("\n"),
    signRequests: saml.signRequests ?? true,
    nameIdFormat: saml.nameIdFormat ?? "",
    subjectAttribute: saml.subjectAttribute ?? "",
    requireEncryptedAssertion: saml.requireEncryptedAssertion ?? false,
    allowCbc: saml.allowCbc ?? false,
  };
}

export function samlWriteOf(draft: SamlDraft): IdpSamlSettings {
  return {
    ...draft,
    entityId: draft.entityId.trim(),
    ssoUrl: draft.ssoUrl.trim(),
    subjectAttribute: draft.subjectAttribute.trim(),
    certificates: certificatesIn(draft.certificates),
  };
}

export function samlProblemsOf(draft: SamlDraft): Partial<Record<keyof SamlDraft, string>> {
  const problems: Partial<Record<keyof SamlDraft, string>> = {};
  if (draft.entityId.trim() === "") problems.entityId = "Enter the entity ID, or read the provider's metadata above.";
  if (!/^https?:\/\/[^/\s]+/.test(draft.ssoUrl.trim()))
    problems.ssoUrl = "Enter a full address that starts with https://";
  if (certificatesIn(draft.certificates).length === 0)
    problems.certificates = "Paste the certificate that the provider signs with.";
  return problems;
}
