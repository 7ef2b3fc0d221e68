import { TextInput } from "../../ui/controls.tsx";
import { Select, Textarea } from "../../ui/fields/frequent.tsx";
import { PasswordInput } from "../../ui/fields/PasswordInput.tsx";
import { fieldError, Note } from "../../ui/Note.tsx";
import { flavors, type SourceDraft, securities } from "./sourceForm.ts";

interface FieldsProps {
  value: SourceDraft;
  set: (some: Partial<SourceDraft>) => void;
  failure: unknown;
  hasSecret: boolean;
}

type TextName = {
  [Name in keyof SourceDraft]: SourceDraft[Name] extends string ? Name : never;
}[keyof SourceDraft];

function text({ value, set, failure }: FieldsProps, part: string) {
  return (name: TextName, label: string, extra: object = {}) => (
    <TextInput
      label={label}
      value={value[name]}
      error={fieldError(failure, `${part}.${name}`)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ [name]: event.currentTarget.value } as Partial<SourceDraft>)}
      {...extra}
    />
  );
}

const optional = { inputWrapperOrder: ["label", "input", "description", "error"] };

export function LdapFields(props: FieldsProps) {
  const { value, set, failure, hasSecret } = props;
  const field = text(props, "ldap");
  return (
    <div className="fields">
      <Select
        className="span2"
        label="Kind of Server"
        data={flavors}
        allowDeselect={false}
        value={value.flavor}
        onChange={(next) => next && set({ flavor: next as SourceDraft["flavor"] })}
      />
      {field("host", "Host", { className: "m-required", placeholder: "ldap.example.com" })}
      {field("port", "Port", { inputMode: "numeric", placeholder: value.security === "ldaps" ? "636" : "389" })}
      <Select
        className="span2"
        label="Encryption"
        data={securities}
        allowDeselect={false}
        value={value.security}
        error={fieldError(failure, "ldap.security")}
        onChange={(next) => next && set({ security: next as SourceDraft["security"] })}
      />
      {value.security === "none" && (
        <div className="span2">
          <Note tone="warn">The password and everything that is read go over the network as they are.</Note>
        </div>
      )}
      {field("bindDn", "Bind DN", { className: "span2", placeholder: "cn=reader,dc=example,dc=com" })}
      <PasswordInput
        className="span2"
        label="Password"
        description={hasSecret ? "One is kept and never shown. Type to replace it." : undefined}
        placeholder={hasSecret ? "••••••••••••" : undefined}
        value={value.secret}
        error={fieldError(failure, "secret")}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
      {field("baseDn", "Base DN", { className: "m-required", placeholder: "dc=example,dc=com" })}
      {field("groupBaseDn", "Base DN of groups", { placeholder: "The same" })}
      {field("userFilter", "Filter for people", { className: "span2", placeholder: "The usual one of this kind" })}
      {field("groupFilter", "Filter for groups", { className: "span2", placeholder: "The usual one of this kind" })}
      <Textarea
        className="span2"
        label="Attributes that differ"
        description="One a line, such as “email = mailPrimary”. With nothing after = the field is not read."
        autosize
        minRows={2}
        value={value.attributes}
        error={fieldError(failure, "ldap.attributes")}
        onChange={(event) => set({ attributes: event.currentTarget.value })}
      />
      <Textarea
        className="span2"
        label="Certificates"
        description="Optional, PEM: of your own authority, where the system does not know it."
        autosize
        minRows={2}
        maxRows={8}
        value={value.certificates}
        error={fieldError(failure, "ldap.certificates")}
        onChange={(event) => set({ certificates: event.currentTarget.value })}
      />
    </div>
  );
}

export function GoogleFields(props: FieldsProps) {
  const { value, set, failure, hasSecret } = props;
  const field = text(props, "google");
  return (
    <div className="fields">
      <ol className="steps span2">
        <li>In the Google Cloud console, turn on the Admin SDK API and make a service account with a JSON key.</li>
        <li>
          In the Admin console, under Security &gt; API controls &gt; Domain-wide delegation, let its client read users,
          groups and members (the three <code>admin.directory…readonly</code> scopes).
        </li>
      </ol>
      {field("adminEmail", "Administrator", {
        className: "span2 m-required",
        inputMode: "email",
        description: "In whose name it is read.",
        placeholder: "admin@example.com",
      })}
      <Textarea
        className="span2 m-required"
        label="Service Account Key"
        description={hasSecret ? "One is kept and never shown. Paste to replace it." : "The whole JSON file."}
        placeholder={hasSecret ? "••••••••••••" : '{ "type": "service_account", … }'}
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        value={value.secret}
        error={fieldError(failure, "secret")}
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
      {field("domain", "Domain", { description: "Optional: only this one.", ...optional })}
      {field("query", "Query", { description: "Optional: only people whom it finds.", ...optional })}
      {field("customer", "Customer", { className: "span2" })}
      {field("apiUrl", "API address", { inputMode: "url" })}
      {field("tokenUrl", "Token address", { inputMode: "url" })}
    </div>
  );
}
