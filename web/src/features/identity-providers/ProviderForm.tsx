import type { IdpType } from "../../api/types.ts";
import { TextInput } from "../../ui/controls.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { PasswordInput } from "../../ui/fields/PasswordInput.tsx";
import { type IdpDraft, typeOf, types } from "./form.ts";
import { ProviderAdvanced } from "./ProviderAdvanced.tsx";
import { SamlFields } from "./SamlFields.tsx";
import { SamlMetadata } from "./SamlMetadata.tsx";
import { saidBy } from "./saml.ts";

export interface ProviderFormProps {
  draft: IdpDraft;
  set: (patch: Partial<IdpDraft>) => void;
  error: (field: keyof IdpDraft) => string | undefined;
  isNew?: boolean;
  onUrlDone?: () => void;
  /** The id whose addresses are shown already, for reading metadata. */
  id?: string;
}

export function ProviderForm({ draft, set, error, isNew, onUrlDone, id }: ProviderFormProps) {
  const chooseType = (value: string | null) => {
    if (!value) return;
    const google = value === "GOOGLE" && draft.url === "";
    set({ type: value as IdpType, ...(google ? { url: "https://accounts.google.com" } : {}) });
  };
  return (
    <div className="fields">
      <TextInput
        className="m-required"
        label="Name"
        description="People see it when they are sent there."
        value={draft.name}
        autoComplete="off"
        maxLength={255}
        error={error("name")}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        label="Type"
        description="Decides how its answers are read."
        data={types.map(({ value, label }) => ({ value, label }))}
        value={draft.type}
        error={error("type")}
        onChange={chooseType}
      />
      {draft.type === "SAML" ? (
        <>
          <div className="span2">
            <SamlMetadata id={id} onRead={(read) => set(saidBy(read.saml))} />
          </div>
          <SamlFields draft={draft} set={set} error={error} />
        </>
      ) : (
        <OidcFields draft={draft} set={set} error={error} isNew={isNew} onUrlDone={onUrlDone} />
      )}
      <div className="span2">
        <ProviderAdvanced draft={draft} set={set} error={error} />
      </div>
    </div>
  );
}

function OidcFields({ draft, set, error, isNew, onUrlDone }: ProviderFormProps) {
  const type = typeOf(draft.type);
  return (
    <>
      <TextInput
        className="m-required span2"
        label="URL"
        description={`${type.urlHelp} Everything else is read from its well-known document.`}
        placeholder={type.urlHint}
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        value={draft.url}
        error={error("url")}
        onBlur={onUrlDone}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <TextInput
        className="m-required"
        label="Client ID"
        autoComplete="off"
        spellCheck={false}
        value={draft.clientId}
        error={error("clientId")}
        onChange={(event) => set({ clientId: event.currentTarget.value })}
      />
      <PasswordInput
        className={isNew && draft.tokenEndpointAuth === "client_secret" ? "m-required" : undefined}
        label="Client Secret"
        autoComplete="off"
        placeholder={isNew ? undefined : "Unchanged"}
        value={draft.clientSecret}
        error={error("clientSecret")}
        onChange={(event) => set({ clientSecret: event.currentTarget.value })}
      />
    </>
  );
}
