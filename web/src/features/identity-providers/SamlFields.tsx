import { Checkbox, TextInput } from "../../ui/controls.tsx";
import { Select, Textarea } from "../../ui/fields/frequent.tsx";
import { nameIdFormats, type SamlDraft } from "./saml.ts";

export interface SamlFieldsProps {
  draft: SamlDraft;
  set: (patch: Partial<SamlDraft>) => void;
  error: (field: keyof SamlDraft) => string | undefined;
}

/** What the provider's metadata says; read from it, or typed. */
export function SamlFields({ draft, set, error }: SamlFieldsProps) {
  return (
    <>
      <TextInput
        className="m-required span2"
        label="IdP Entity ID"
        description="The name by which the provider signs its answers."
        spellCheck={false}
        autoComplete="off"
        value={draft.entityId}
        error={error("entityId")}
        onChange={(event) => set({ entityId: event.currentTarget.value })}
      />
      <TextInput
        className="m-required"
        label="Single Sign-On URL"
        description="Where people are sent to sign in."
        placeholder="https://idp.example.com/saml/sso"
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        value={draft.ssoUrl}
        error={error("ssoUrl")}
        onChange={(event) => set({ ssoUrl: event.currentTarget.value })}
      />
      <Select
        label="Binding"
        description="How the request gets there."
        data={["HTTP-Redirect", "HTTP-POST"]}
        value={draft.ssoBinding}
        error={error("ssoBinding")}
        onChange={(binding) => binding && set({ ssoBinding: binding as SamlDraft["ssoBinding"] })}
      />
      <Textarea
        className="m-required span2"
        label="IdP Certificates"
        description="What its answers are signed with: PEM, several one after the other while it changes them."
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
        value={draft.certificates}
        error={error("certificates")}
        onChange={(event) => set({ certificates: event.currentTarget.value })}
      />
    </>
  );
}

/** What few providers need. */
export function SamlAgreed({ draft, set, error }: SamlFieldsProps) {
  return (
    <>
      <Select
        label="SAML Subject NameID Format"
        description="What is asked for. It has to name a person for good."
        data={nameIdFormats}
        value={draft.nameIdFormat}
        error={error("nameIdFormat")}
        allowDeselect={false}
        onChange={(format) => set({ nameIdFormat: format ?? "" })}
      />
      <TextInput
        label="Subject attribute"
        description="An attribute that names the person in place of the NameID."
        placeholder="NameID"
        spellCheck={false}
        autoComplete="off"
        value={draft.subjectAttribute}
        error={error("subjectAttribute")}
        onChange={(event) => set({ subjectAttribute: event.currentTarget.value })}
      />
      <div className="span2">
        <Checkbox
          label="Sign requests"
          description="With Muster's certificate, which is in its metadata."
          checked={draft.signRequests}
          onChange={(event) => set({ signRequests: event.currentTarget.checked })}
        />
      </div>
      <div className="span2">
        <Checkbox
          label="Require encrypted assertions"
          description="An assertion that is not encrypted to Muster's certificate is refused."
          checked={draft.requireEncryptedAssertion}
          onChange={(event) => set({ requireEncryptedAssertion: event.currentTarget.checked })}
        />
      </div>
      <div className="span2">
        <Checkbox
          label="Read AES-CBC"
          description="Only for a provider that cannot encrypt with AES-GCM."
          checked={draft.allowCbc}
          onChange={(event) => set({ allowCbc: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}
