import { signing } from "./choices.ts";
import { DurationField } from "./DurationField.tsx";
import { Fold } from "./Fold.tsx";
import { CheckField, ChoiceField, type FormProps, TextField, WordsField } from "./fields.tsx";
import { foldState } from "./state.ts";

/** What the requests that begin a sign-in must be like, and how they are answered. */
export function RequestsFold(form: FormProps) {
  const { draft, set, error } = form;
  const isPublic = draft.tokenEndpointAuthMethod === "none";
  return (
    <Fold
      title="Requests"
      help="What a sign-in request must be like, and how it is answered."
      {...foldState(form, "requests")}
    >
      <CheckField
        form={form}
        name="requirePkce"
        label="Require PKCE"
        help={
          isPublic
            ? "A public application always has to use it."
            : "A stolen code is of no use. Turn it off only for applications that do not know it."
        }
        rfc="RFC 7636"
        disabled={isPublic}
        forced={isPublic || undefined}
      />
      <CheckField
        form={form}
        name="requirePushedAuthorizationRequests"
        label="Require pushed requests (PAR)"
        help="The application hands the request over itself, so that nobody can read or change it in the browser."
        rfc="RFC 9126"
      />
      <CheckField
        form={form}
        name="requireSignedRequestObject"
        label="Require signed requests"
        help="Requests that the application did not sign with its key are refused."
        rfc="RFC 9101"
      />
      {(draft.requireSignedRequestObject || draft.keySource !== "none" || draft.requestObjectSigningAlg !== "") && (
        <ChoiceField
          form={form}
          name="requestObjectSigningAlg"
          label="Request Signing Algorithm"
          help="The one that is accepted."
          rfc="RFC 9101"
          options={signing}
          nothing="Any that its keys fit"
        />
      )}
      <ChoiceField
        form={form}
        name="authorizationSignedResponseAlg"
        label="Response Signing"
        help="Used when the application asks for a signed answer."
        rfc="JARM"
        options={signing}
        nothing="RS256 (default)"
      />
      <DurationField
        label="Oldest Sign-in"
        help="People who signed in longer ago sign in again. Empty for no limit."
        rfc="default_max_age"
        placeholder="No limit"
        seconds={draft.defaultMaxAge}
        error={error("defaultMaxAge")}
        onChange={(defaultMaxAge) => set({ defaultMaxAge })}
      />
      <WordsField
        form={form}
        name="defaultAcrValues"
        label="Authentication Classes"
        help="Asked for where the request names none, the best first."
        rfc="default_acr_values"
        placeholder="urn:example:silver"
      />
      <TextField
        form={form}
        name="initiateLoginUri"
        label="Initiate Login URI"
        help="Where a sign-in begins at the application's side. The portal's tile opens it instead of the Login URL."
        rfc="OIDC Core §4"
        placeholder="https://app.example.com/login/start"
      />
    </Fold>
  );
}
