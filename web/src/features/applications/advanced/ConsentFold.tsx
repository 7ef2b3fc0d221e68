import { consents } from "./choices.ts";
import { Fold } from "./Fold.tsx";
import { ChoiceField, type FormProps } from "./fields.tsx";
import { foldState } from "./state.ts";

/** Whether people are asked before the application learns of them. */
export function ConsentFold(form: FormProps) {
  return (
    <Fold
      title="Consent"
      help="Whether people are asked before the application learns of them."
      {...foldState(form, "consent")}
    >
      <ChoiceField
        wide
        form={form}
        name="consent"
        label="Asking People"
        help={
          form.draft.consent === "required"
            ? "Each person sees what the application wants, and may take it back in the portal."
            : "The organization's own application: you decided for everybody."
        }
        rfc="OIDC Core §3.1.2.4"
        options={consents}
      />
    </Fold>
  );
}
