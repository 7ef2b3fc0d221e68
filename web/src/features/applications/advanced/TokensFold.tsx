import { accessTokenFormats, contentEncryptions, keyEncryptions, signing, subjectTypes } from "./choices.ts";
import { DurationField } from "./DurationField.tsx";
import { Fold } from "./Fold.tsx";
import { CheckField, ChoiceField, type FormProps, TextField, WordsField } from "./fields.tsx";
import { foldState } from "./state.ts";

/** What the application's tokens are like: form, lifetime, signature, encryption, whom they name. */
export function TokensFold(form: FormProps) {
  const { draft } = form;
  return (
    <Fold
      title="Tokens"
      help="Form, lifetimes, encryption, and how people are named in them."
      {...foldState(form, "tokens")}
    >
      <ChoiceField
        form={form}
        name="accessTokenFormat"
        label="Access Token Format"
        help={
          draft.accessTokenFormat === "opaque"
            ? "Whoever takes it asks the introspection endpoint; revoking ends it at once."
            : "Whoever takes it can check it without asking."
        }
        rfc={draft.accessTokenFormat === "opaque" ? "RFC 7662" : "RFC 9068"}
        options={accessTokenFormats}
      />
      <ChoiceField
        form={form}
        name="subjectType"
        label="Subject Identifier"
        help="How the application tells people apart."
        rfc="OIDC Core §8"
        options={subjectTypes}
      />
      {draft.subjectType === "pairwise" && (
        <TextField
          form={form}
          name="sectorIdentifierUri"
          label="Sector Identifier URI"
          help="Applications with the same host here see the same identifiers. Needed with redirect URIs on several hosts."
          rfc="OIDC Core §8.1"
          placeholder="https://app.example.com/redirect-uris.json"
        />
      )}
      <Lifetimes {...form} />
      <Encryption {...form} />
      <WordsField
        form={form}
        name="resources"
        label="Resources"
        help="The APIs that the application may ask access tokens for, by address."
        rfc="RFC 8707"
        placeholder="https://api.example.com/"
      />
      <Introspection {...form} />
    </Fold>
  );
}

function Lifetimes({ draft, set, error }: FormProps) {
  return (
    <>
      <DurationField
        label="Access Token Lifetime"
        help="After that the application asks for a new one."
        seconds={draft.accessTokenSeconds}
        error={error("accessTokenSeconds")}
        onChange={(accessTokenSeconds) => set({ accessTokenSeconds })}
      />
      <DurationField
        label="ID Token Lifetime"
        help="It is read once, when the person arrives."
        seconds={draft.idTokenLifetimeSeconds}
        error={error("idTokenLifetimeSeconds")}
        onChange={(idTokenLifetimeSeconds) => set({ idTokenLifetimeSeconds })}
      />
      {draft.refresh && (
        <DurationField
          label="Refresh Token Lifetime"
          help="Counted from its last use."
          seconds={draft.refreshTokenSeconds}
          error={error("refreshTokenSeconds")}
          onChange={(refreshTokenSeconds) => set({ refreshTokenSeconds })}
        />
      )}
    </>
  );
}

function Encryption(form: FormProps) {
  const { draft } = form;
  return (
    <>
      <ChoiceField
        form={form}
        name="idTokenEncryptedResponseAlg"
        label="ID Token Encryption"
        help="Encrypts to the application's public key."
        rfc="RFC 7516"
        options={keyEncryptions}
        nothing="Not encrypted"
      />
      {draft.idTokenEncryptedResponseAlg !== "" && (
        <ChoiceField
          form={form}
          name="idTokenEncryptedResponseEnc"
          label="ID Token Content Encryption"
          help="How the content itself is encrypted."
          rfc="RFC 7518 §5"
          options={contentEncryptions}
          nothing="A128CBC-HS256 (default)"
        />
      )}
      <ChoiceField
        form={form}
        name="userinfoSignedResponseAlg"
        label="Userinfo Signing"
        help="Makes the userinfo answer a signed token."
        rfc="OIDC Core §5.3"
        options={signing}
        nothing="Not signed: plain JSON"
      />
      <ChoiceField
        form={form}
        name="userinfoEncryptedResponseAlg"
        label="Userinfo Encryption"
        help="Encrypts to the application's public key."
        rfc="OIDC Core §5.3"
        options={keyEncryptions}
        nothing="Not encrypted"
      />
      {draft.userinfoEncryptedResponseAlg !== "" && (
        <ChoiceField
          form={form}
          name="userinfoEncryptedResponseEnc"
          label="Userinfo Content Encryption"
          help="How the content itself is encrypted."
          rfc="RFC 7518 §5"
          options={contentEncryptions}
          nothing="A128CBC-HS256 (default)"
        />
      )}
    </>
  );
}

/** For applications that are APIs: they ask what a token is worth. A public one cannot. */
function Introspection(form: FormProps) {
  if (form.draft.tokenEndpointAuthMethod === "none") return null;
  return (
    <>
      <CheckField
        form={form}
        name="introspectAllTokens"
        label="May ask about every token of the organization"
        help="For an API gateway. Otherwise it learns only of its own tokens and of those meant for it."
        rfc="RFC 7662"
      />
      <ChoiceField
        form={form}
        name="introspectionSignedResponseAlg"
        label="Introspection Signing"
        help="Used when the application asks for a signed answer."
        rfc="RFC 9701"
        options={signing}
        nothing="As its ID tokens"
      />
    </>
  );
}
