import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { NameValue, User, UserState } from "../../api/types.ts";
import { AddressRows } from "../../ui/AddressRows.tsx";
import { Checkbox, TextInput } from "../../ui/controls.tsx";
import { Select, Textarea } from "../../ui/fields/frequent.tsx";
import { Note } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { PairRows } from "../../ui/PairRows.tsx";
import { PhoneRows } from "../../ui/PhoneRows.tsx";
import { authorityChoices, type UserDraft } from "./form.ts";
import { ManagerField } from "./ManagerField.tsx";
import { useKeepers } from "./useKeepers.ts";

interface UserFormProps {
  draft: UserDraft;
  set: (patch: Partial<UserDraft>) => void;
  error: (field: string) => string | undefined;
  /** Called with a field's name when it is left. */
  onLeave: (field: string) => void;
  /** The person; none while a new one is entered. */
  user?: User;
}

type TextName = {
  [Name in keyof UserDraft]: UserDraft[Name] extends string ? Name : never;
}[keyof UserDraft];

/** The fields of a person; the same for a new one. */
export function UserForm({ draft, set, error, onLeave, user }: UserFormProps) {
  const { org } = useOrg();
  const kept = useKeepers(user);
  const from = (name: string) => {
    const keeper = kept.of(name);
    return keeper && `From ${keeper.name}`;
  };
  const field = (name: Exclude<TextName, "state" | "manager">, label: string, extra: object = {}) => (
    <TextInput
      label={label}
      name={name}
      value={draft[name]}
      autoComplete="off"
      maxLength={1024}
      error={error(name)}
      readOnly={kept.of(name) !== undefined}
      description={from(name)}
      inputWrapperOrder={["label", "input", "description", "error"]}
      onBlur={() => draft[name] !== "" && onLeave(name)}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      {...extra}
    />
  );
  const required = { required: true, withAsterisk: false, className: "m-required" };
  return (
    <>
      {kept.all.length > 0 && (
        <div className="tab-body">
          <Note tone="info">
            What comes from{" "}
            {kept.all.map((keeper, index) => (
              <span key={keeper.id}>
                {index > 0 && ", "}
                <Link
                  to="/console/$slug/scim-provisioning/$directoryId"
                  params={{ slug: org.slug, directoryId: keeper.id }}
                >
                  {keeper.name}
                </Link>
              </span>
            ))}{" "}
            by SCIM is read-only here: change it there.
          </Note>
        </div>
      )}
      <Section title="User Information" help="How the person is called and reached. They sign in with the e-mail.">
        <div className="fields">
          {field("firstname", "First Name")}
          {field("lastname", "Last Name")}
          {field("username", "Username", { ...required, spellCheck: false })}
          {field("displayname", "Display Name")}
          {field("email", "Company Email", { ...required, type: "email", inputMode: "email", spellCheck: false })}
          {field("alternateEmail", "Alternate Email", { inputMode: "email", spellCheck: false })}
          {field("middlename", "Middle Name")}
          {field("managedAppleId", "Managed Apple Account", { inputMode: "email", spellCheck: false })}
          <Textarea
            className="span2"
            label="Description"
            value={draft.description}
            maxLength={1024}
            readOnly={kept.of("description") !== undefined}
            error={error("description")}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
        </div>
      </Section>
      <Section
        title="Employment Information"
        help="Can be used in the rules of dynamic groups and sent to applications."
      >
        <div className="fields">
          {field("employeeIdentifier", "Employee ID", { maxLength: 256 })}
          {field("employeeType", "Employee Type")}
          {field("jobTitle", "Job Title")}
          {field("department", "Department")}
          {field("costCenter", "Cost Center")}
          {field("company", "Company")}
          {field("location", "Location")}
          <ManagerField
            value={draft.manager}
            of={user?._id}
            error={error("manager")}
            from={from("manager")}
            onChange={(manager) => set({ manager })}
          />
        </div>
      </Section>
      <Section
        title="Phone Numbers"
        help={from("phoneNumbers") ?? "How the person is reached. Applications get the first one."}
      >
        <PhoneRows
          rows={draft.phoneNumbers}
          error={error}
          onLeave={onLeave}
          disabled={kept.of("phoneNumbers") !== undefined}
          onChange={(phoneNumbers) => set({ phoneNumbers })}
        />
      </Section>
      <Section title="Addresses" help={from("addresses") ?? "Where the person works or lives."}>
        <AddressRows
          rows={draft.addresses}
          error={error}
          disabled={kept.of("addresses") !== undefined}
          onChange={(addresses) => set({ addresses })}
        />
      </Section>
      <CustomAttributes
        rows={draft.attributes}
        onChange={(attributes) => set({ attributes })}
        error={error("attributes")}
        from={(name) => from(`attributes.${name}`)}
      />
      <Section
        title="Security Settings and Permissions"
        help="Who holds this person's password, and how long one set here stays valid."
      >
        <div className="fields">
          <Select
            label="Password Authority"
            data={authorityChoices(draft.authority)}
            value={draft.authority}
            disabled={kept.of("password") !== undefined}
            description={from("password")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            error={error("restrictedFields")}
            onChange={(authority) => authority && set({ authority })}
          />
          {!user && (
            <Select
              label="User State"
              data={[
                { value: "ACTIVATED", label: "Activated: can sign in once they have a password" },
                { value: "STAGED", label: "Staged: cannot sign in yet" },
              ]}
              value={draft.state}
              error={error("state")}
              onChange={(state) => state && set({ state: state as UserState })}
            />
          )}
          <div className="span2">
            <Checkbox
              label="Password never expires"
              checked={draft.password_never_expires}
              disabled={draft.authority !== "none"}
              onChange={(event) => set({ password_never_expires: event.currentTarget.checked })}
            />
          </div>
          {draft.authority === "scim" && (
            <div className="span2">
              <Note tone="info">
                The directory that this person comes from holds the password: it can send one, and nobody sets one here.
                Without one the person signs in at the identity provider that a routing policy sends them to.
              </Note>
            </div>
          )}
          {draft.authority === "federated_identity_provider" && (
            <div className="span2">
              <Note tone="info">
                Nobody, neither the person nor an administrator, can set a password here. The person signs in at the
                identity provider that a routing policy sends them to; without such a policy they cannot sign in.
              </Note>
            </div>
          )}
        </div>
      </Section>
    </>
  );
}

interface CustomAttributesProps {
  rows: NameValue[];
  onChange: (rows: NameValue[]) => void;
  error: string | undefined;
  /** Which directory an attribute comes from. */
  from: (name: string) => string | undefined;
}

function CustomAttributes({ rows, onChange, error, from }: CustomAttributesProps) {
  const { api } = useOrg();
  const vocabulary = useQuery(vocabularyQuery(api));
  const used = vocabulary.data?.attributes.filter((one) => one.custom).map((one) => one.label) ?? [];
  return (
    <Section
      title="Custom Attributes"
      help="Names are case-sensitive: rules and mappings must write them the same way."
    >
      <PairRows
        label="attribute"
        nameLabel="Attribute Name"
        valueLabel="Attribute Value"
        addLabel="Add attribute"
        rows={rows}
        onChange={onChange}
        locked={from}
      />
      {used.length > 0 && (
        <Text size="xs" c="dimmed" mt={8}>
          Names in use: {used.slice(0, 12).join(", ")}
        </Text>
      )}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" mt={8} role="alert">
          {error}
        </Text>
      )}
    </Section>
  );
}
