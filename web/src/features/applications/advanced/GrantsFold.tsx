import { useQuery } from "@tanstack/react-query";
import { applicationName, applicationsQuery } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import { MultiSelect } from "../../../ui/fields/MultiSelect.tsx";
import { Fold } from "./Fold.tsx";
import { CheckField, type FormProps, Help, WordsField } from "./fields.tsx";
import { foldState } from "./state.ts";

/** By which ways the application may get tokens. */
export function GrantsFold(form: FormProps) {
  const { draft } = form;
  const isPublic = draft.tokenEndpointAuthMethod === "none";
  return (
    <Fold title="Grants" help="The ways in which the application may get tokens." {...foldState(form, "grants")}>
      <CheckField
        form={form}
        name="authorizationCode"
        label="Sign-in (authorization code)"
        help="People sign in in their browser. What most applications need, and nothing else."
        rfc="RFC 6749 §4.1"
      />
      <CheckField
        form={form}
        name="deviceCode"
        label="Devices (device code)"
        help="A television or a command line shows a code, and the person signs in on their phone or computer."
        rfc="RFC 8628"
      />
      <CheckField
        form={form}
        name="clientCredentials"
        label="In its own name (client credentials)"
        help="The application gets tokens for itself, without a person."
        rfc="RFC 6749 §4.4"
        disabled={isPublic && !draft.clientCredentials}
      />
      {draft.clientCredentials && (
        <WordsField
          form={form}
          name="scope"
          label="Its Own Scopes"
          help="What it may ask for in its own name."
          rfc="RFC 6749 §3.3"
          placeholder="reports.read"
        />
      )}
      <CheckField
        form={form}
        name="tokenExchange"
        label="Token exchange"
        help="A service turns a token that it was given into a narrower one for the next service."
        rfc="RFC 8693"
        disabled={isPublic && !draft.tokenExchange}
      />
      {draft.tokenExchange && <Exchange {...form} />}
    </Fold>
  );
}

function Exchange(form: FormProps) {
  const { api } = useOrg();
  const { draft, set, error } = form;
  const applications = useQuery(applicationsQuery(api)).data ?? [];
  const data = applications.map((one) => ({ value: one._id, label: applicationName(one) }));
  const unknown = draft.tokenExchangeClients.filter((id) => !data.some((one) => one.value === id));
  return (
    <>
      <MultiSelect
        className="span2"
        label="Whose Tokens"
        description={
          <Help rfc="RFC 8693 §2.1">Applications whose tokens it may exchange, beside those that name it.</Help>
        }
        placeholder={draft.tokenExchangeClients.length === 0 ? "None but those that name it" : undefined}
        searchable
        data={[...data, ...unknown.map((id) => ({ value: id, label: id }))]}
        value={draft.tokenExchangeClients}
        error={error("tokenExchangeClients")}
        onChange={(tokenExchangeClients) => set({ tokenExchangeClients })}
      />
      <CheckField
        form={form}
        name="tokenExchangeImpersonation"
        label="New tokens need not say who acts"
        help="The next service sees only the person, not this application. Leave it off unless that service cannot cope."
        rfc="RFC 8693 §4.1"
      />
    </>
  );
}
