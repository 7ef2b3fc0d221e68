import { IconPlugConnected } from "@tabler/icons-react";
import type { ProvisionAuthType } from "../../../api/types.ts";
import { Button, TextInput } from "../../../ui/controls.tsx";
import { Select, Switch } from "../../../ui/fields/frequent.tsx";
import { NumberInput } from "../../../ui/fields/NumberInput.tsx";
import { PasswordInput } from "../../../ui/fields/PasswordInput.tsx";
import { Failure, Note, sentence } from "../../../ui/Note.tsx";
import { Section } from "../../../ui/Page.tsx";
import { Status } from "../../../ui/Status.tsx";
import { authTypes, keysOf, type ProvisionDraft, profiles, secretLabel, serverName, versions } from "./form.ts";
import type { Provisioning } from "./useProvision.tsx";
import { testWords } from "./words.ts";

type TextName = "baseUrl" | "username" | "headerName" | "tokenUrl" | "clientId" | "scope" | "testUserEmail";

/** Where the application takes accounts, how we prove ourselves there, and whether that works. */
export function Connection({ provisioning }: { provisioning: Provisioning }) {
  const { draft, saved, error, application } = provisioning;
  const { value, set } = draft;
  const text = (name: TextName, label: string, extra: object = {}) => (
    <TextInput
      label={label}
      value={value[name]}
      error={error(name)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ [name]: event.currentTarget.value } as Partial<ProvisionDraft>)}
      {...extra}
    />
  );
  const kept = saved?.authentication.secretSet && saved.authentication.type === value.authType;
  return (
    <>
      <Section title="Configuration Settings" help="The application's makers tell the address and the key.">
        <div className="fields">
          <Select label="API Type" data={[{ value: "SCIM", label: "SCIM API" }]} value="SCIM" />
          <Select
            label="SCIM Version"
            data={[...versions]}
            value={value.scimVersion}
            error={error("scimVersion")}
            onChange={(version) => version && set({ scimVersion: version as ProvisionDraft["scimVersion"] })}
          />
          {text("baseUrl", "Base URL", {
            className: "span2 m-required",
            description: "Also called Endpoint URL, Tenant URL or SCIM connector base URL.",
            placeholder: "https://app.example.com/scim/v2",
            inputMode: "url",
          })}
          <Select
            className="span2"
            label="Authentication"
            data={authTypes.map(({ value, label }) => ({ value, label }))}
            value={value.authType}
            error={error("authType")}
            onChange={(type) => type && set({ authType: type as ProvisionAuthType, secret: "" })}
          />
          {value.authType === "basic" && text("username", "Username", { className: "m-required" })}
          {value.authType === "header" &&
            text("headerName", "Header Name", { className: "m-required", placeholder: "X-Api-Key" })}
          {value.authType === "oauth" && (
            <>
              {text("tokenUrl", "Token URL", { className: "span2 m-required", inputMode: "url" })}
              {text("clientId", "Client ID", { className: "m-required" })}
              {text("scope", "Scope", {
                description: "Optional.",
                inputWrapperOrder: ["label", "input", "description"],
              })}
            </>
          )}
          <PasswordInput
            className={value.authType === "bearer" || value.authType === "oauth" ? "span2 m-required" : "m-required"}
            label={secretLabel(value.authType)}
            description={kept ? "One is kept and never shown. Type to replace it." : undefined}
            placeholder={kept ? "••••••••••••" : undefined}
            value={value.secret}
            error={error("secret")}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
            onChange={(event) => set({ secret: event.currentTarget.value })}
          />
          {text("testUserEmail", "Test User Email", {
            className: "span2",
            inputMode: "email",
            placeholder: "scim-test@example.com",
            description:
              "Optional. With an address that nobody has there, the test also makes a user and removes it again.",
          })}
          <Select
            className="span2"
            label="Changes are sent"
            data={[...profiles]}
            value={value.profile}
            error={error("profile")}
            description={saved?.receiver && saved.receiver !== "Generic" ? `Recognized: ${saved.receiver}.` : undefined}
            onChange={(profile) => profile && set({ profile })}
          />
          <NumberInput
            label="Requests per second (at most)"
            placeholder="As many as it answers"
            min={1}
            max={1000}
            allowDecimal={false}
            value={value.perSecond}
            error={error("perSecond")}
            onChange={(perSecond) => set({ perSecond })}
          />
        </div>
        <TestConnection provisioning={provisioning} />
      </Section>
      <Section title="Group Management" help="Whether the application learns of groups, and who is in them.">
        <Switch
          label="Enable management of User Groups and Group Membership in this application"
          description={`The user groups that are bound to ${application.displayLabel} are made there, named alike, and hold the same people.`}
          checked={value.manageGroups}
          error={error("manageGroups")}
          onChange={(event) => set({ manageGroups: event.currentTarget.checked })}
        />
      </Section>
    </>
  );
}

function TestConnection({ provisioning }: { provisioning: Provisioning }) {
  const { test, testing, testError, tested, draft } = provisioning;
  return (
    <div className="block">
      <Button
        variant="default"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        loading={testing}
        onClick={test}
      >
        Test Connection
      </Button>
      <div className="identity__test" aria-live="polite">
        <Failure error={testError} known={keysOf(draft.value).map(serverName)} />
        {tested && (
          <>
            <Note tone={tested.ok ? "ok" : "bad"}>
              {tested.ok
                ? "The connection works."
                : "The connection does not work yet. What failed is told below, in the application's own words where it had any."}
            </Note>
            <ul className="framed checks" aria-label="Checks of the connection">
              {tested.lines.map((line) => (
                <li key={`${line.check} ${line.message}`} className="checks__line">
                  <span className="checks__outcome">
                    <Status tone={testWords[line.outcome].tone}>{testWords[line.outcome].label}</Status>
                  </span>
                  <span>
                    <span className="checks__name">{line.check}</span>
                    <span className="checks__message">{sentence(line.message)}</span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
