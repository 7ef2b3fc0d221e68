import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useOrg } from "../../api/org.tsx";
import type { Application, ApplicationSso, ClientAuth, SigningAlg } from "../../api/types.ts";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { ActionIcon, Button, Checkbox, TextInput } from "../../ui/controls.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Section } from "../../ui/Page.tsx";
import { AttributeMapping } from "./AttributeMapping.tsx";
import { Advanced } from "./advanced/Advanced.tsx";
import { type ApplicationDraft, algorithms, clientAuthentications, hasSecret } from "./form.ts";
import { Secrets } from "./Secrets.tsx";

interface SsoTabProps {
  application: Application;
  sso: ApplicationSso | null;
  draft: ApplicationDraft;
  set: (patch: Partial<ApplicationDraft>) => void;
  error: (field: keyof ApplicationDraft) => string | undefined;
}

export function SsoTab({ application, sso, draft, set, error }: SsoTabProps) {
  const { session, org } = useOrg();
  const issuer = sso?.oidc.issuer ?? `${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}`;
  return (
    <>
      <Section
        title="Endpoint Configuration"
        help="Where the application sends people back to, and how it proves itself."
      >
        <UriList
          label="Redirect URIs"
          help="Exactly as the application sends them. People are never sent anywhere else."
          placeholder="https://app.example.com/oauth/callback"
          uris={draft.redirectUris}
          error={error("redirectUris")}
          onChange={(redirectUris) => set({ redirectUris })}
        />
        <div className="fields block">
          <Select
            label="Client Authentication Type"
            data={clientAuthentications}
            value={draft.tokenEndpointAuthMethod}
            onChange={(value) => value && set({ tokenEndpointAuthMethod: value as ClientAuth })}
          />
          <Select
            label="Signing Algorithm"
            data={algorithms}
            value={draft.idTokenSignedResponseAlg}
            onChange={(value) => value && set({ idTokenSignedResponseAlg: value as SigningAlg })}
          />
          <TextInput
            className="span2"
            label="Login URL"
            description="Where the application's own sign-in starts. The tile in the portal opens it."
            placeholder="https://app.example.com/login"
            inputMode="url"
            value={draft.relyingPartyUrl}
            error={error("relyingPartyUrl")}
            onChange={(event) => set({ relyingPartyUrl: event.currentTarget.value })}
          />
          <Checkbox
            className="span2"
            label="Refresh tokens"
            description="The application may stay signed in without the person, for as long as it is used."
            checked={draft.refresh}
            onChange={(event) => set({ refresh: event.currentTarget.checked })}
          />
        </div>
        <div className="block">
          <UriList
            label="Post-Logout URIs"
            help="Where people may be sent after signing out. Optional."
            placeholder="https://app.example.com/"
            uris={draft.postLogoutRedirectUris}
            error={error("postLogoutRedirectUris")}
            onChange={(postLogoutRedirectUris) => set({ postLogoutRedirectUris })}
          />
        </div>
      </Section>
      <Section title="Enter in the application" help="What the application asks for on its side.">
        {sso?.oidc.clientId && <LabelledCopy label="Client ID" value={sso.oidc.clientId} />}
        <LabelledCopy label="Issuer" value={issuer} />
        <LabelledCopy label="Discovery document" value={`${issuer}/.well-known/openid-configuration`} />
      </Section>
      {sso && hasSecret(draft.tokenEndpointAuthMethod) && <Secrets application={application} sso={sso} />}
      <AttributeMapping
        help="What the application learns about a person, in the ID token and at the userinfo endpoint."
        title="USER ATTRIBUTE MAPPING"
        user={draft.dynamicClaims}
        onUser={(dynamicClaims) => set({ dynamicClaims })}
        userError={error("dynamicClaims")}
        constant={draft.constantClaims}
        onConstant={(constantClaims) => set({ constantClaims })}
        constantError={error("constantClaims")}
        groups={draft}
        onGroups={set}
        groupsError={error("groupsClaim")}
      >
        <Checkbox
          className="span2"
          label="Send a single group as text instead of a list of one"
          description="As JumpCloud does. Some applications expect it."
          checked={draft.groupsStringWhenOne}
          onChange={(event) => set({ groupsStringWhenOne: event.currentTarget.checked })}
        />
      </AttributeMapping>
      <Advanced draft={draft} set={set} error={error} />
    </>
  );
}

interface UriListProps {
  label: string;
  help: string;
  placeholder: string;
  uris: string[];
  error: string | undefined;
  onChange: (uris: string[]) => void;
}

function UriList({ label, help, placeholder, uris, error, onChange }: UriListProps) {
  const rows = uris.length > 0 ? uris : [""];
  return (
    <div className="uris">
      <div>
        <div className="labelled__name" style={{ marginBottom: 0 }}>
          {label}
        </div>
        <div className="section__help" style={{ marginTop: 2 }}>
          {help}
        </div>
      </div>
      {rows.map((uri, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; the field is controlled
        <div key={index} className="uris__row">
          <TextInput
            aria-label={label}
            placeholder={placeholder}
            inputMode="url"
            spellCheck={false}
            value={uri}
            error={index === 0 ? error : undefined}
            onChange={(event) => onChange(rows.map((one, at) => (at === index ? event.currentTarget.value : one)))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`Remove address ${index + 1}`}
            disabled={rows.length === 1 && uri === ""}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...rows, ""])}
        >
          Add {label.replace(/s$/, "")}
        </Button>
      </div>
    </div>
  );
}
