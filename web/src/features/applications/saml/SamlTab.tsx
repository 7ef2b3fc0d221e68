import { IconDownload } from "@tabler/icons-react";
import type { Application, ApplicationSaml, Saml } from "../../../api/types.ts";
import { LabelledCopy } from "../../../ui/Copy.tsx";
import { Button, Checkbox, TextInput } from "../../../ui/controls.tsx";
import type { Draft } from "../../../ui/draft.ts";
import { Autocomplete } from "../../../ui/fields/Autocomplete.tsx";
import { Select } from "../../../ui/fields/frequent.tsx";
import { Note } from "../../../ui/Note.tsx";
import { Section } from "../../../ui/Page.tsx";
import { AttributeMapping, useMappingChoices } from "../AttributeMapping.tsx";
import { AcsRows } from "./AcsRows.tsx";
import { Certificates } from "./Certificates.tsx";
import { encryptions, nameIdFormats, type SamlDraft, signatureAlgorithms } from "./form.ts";
import { MetadataSource } from "./MetadataSource.tsx";
import { SpCertificates } from "./SpCertificates.tsx";
import { UploadMetadata } from "./UploadMetadata.tsx";
import "../advanced/advanced.css";

interface SamlTabProps {
  application: Application;
  saml: ApplicationSaml;
  draft: Draft<SamlDraft>;
  error: (field: keyof SamlDraft) => string | undefined;
}

type PartProps = Omit<SamlTabProps, "application">;

export function SamlTab({ application, saml, draft, error }: SamlTabProps) {
  const { value, set } = draft;
  return (
    <>
      <Section
        title="Service Provider"
        help="What the service provider tells about itself: fill it in, or take it from its metadata."
      >
        <UploadMetadata application={application} disabled={draft.dirty} />
        {saml.metadataSource && (
          <MetadataSource application={application} source={saml.metadataSource} disabled={draft.dirty} />
        )}
        <div className="fields block">
          <TextInput
            className="span2 m-required"
            label="SP Entity ID"
            placeholder="urn:app.example.com"
            spellCheck={false}
            value={value.spEntityId}
            error={error("spEntityId")}
            onChange={(event) => set({ spEntityId: event.currentTarget.value })}
          />
        </div>
        <div className="block">
          <AcsRows rows={value.acs} error={error("acs")} onChange={(acs) => set({ acs })} />
        </div>
        <div className="block">
          <SpCertificates
            texts={value.spCertificates}
            error={error("spCertificates")}
            onChange={(spCertificates) => set({ spCertificates })}
          />
        </div>
      </Section>
      <Assertion saml={saml} draft={draft} error={error} />
      <IdentityProvider application={application} saml={saml} draft={draft} error={error} />
      <AttributeMapping
        help="What the application learns about a person, beside the name."
        title="USER ATTRIBUTES"
        user={value.userAttributes}
        onUser={(userAttributes) => set({ userAttributes })}
        userError={error("userAttributes")}
        constant={value.constantAttributes}
        onConstant={(constantAttributes) => set({ constantAttributes })}
        constantError={error("constantAttributes")}
        groups={value}
        onGroups={set}
        groupsError={error("groupsClaim")}
      />
      <Requests saml={saml} draft={draft} error={error} />
    </>
  );
}

function Assertion({ draft: { value, set }, error }: PartProps) {
  const choices = useMappingChoices();
  return (
    <Section title="Assertion" help="How the application is told who signed in.">
      <div className="fields">
        <Autocomplete
          label="SAML Subject NameID"
          data={choices.map((choice) => choice.value)}
          value={value.nameIdAttribute}
          error={error("nameIdAttribute")}
          onChange={(nameIdAttribute) => set({ nameIdAttribute })}
        />
        <Select
          className="span2"
          label="SAML Subject NameID Format"
          data={nameIdFormats}
          value={value.nameIdFormat}
          error={error("nameIdFormat")}
          onChange={(nameIdFormat) => nameIdFormat && set({ nameIdFormat })}
        />
        <Select
          label="Signature Algorithm"
          data={signatureAlgorithms}
          value={value.signatureAlgorithm}
          onChange={(chosen) => chosen && set({ signatureAlgorithm: chosen as Saml["signatureAlgorithm"] })}
        />
        {value.signatureAlgorithm === "RSA-SHA1" && (
          <div className="span2">
            <Note tone="warn">
              SHA-1 is broken: choose it only for a service provider that reads nothing newer, and give this application
              a certificate of its own, so that no other one takes what is signed with it.
            </Note>
          </div>
        )}
        <Checkbox
          className="span2"
          label="Sign Assertion"
          checked={value.signAssertion}
          error={error("signAssertion")}
          onChange={(event) => set({ signAssertion: event.currentTarget.checked })}
        />
        <Checkbox
          className="span2"
          label="Sign Response"
          checked={value.signResponse}
          onChange={(event) => set({ signResponse: event.currentTarget.checked })}
        />
        <TextInput
          className="span2"
          label="Default RelayState"
          description="Handed to the application where the sign-in begins here: usually the page to open."
          value={value.defaultRelayState}
          error={error("defaultRelayState")}
          onChange={(event) => set({ defaultRelayState: event.currentTarget.value })}
        />
        <TextInput
          className="span2"
          label="Login URL"
          description="Where the application's own sign-in starts. Without it the tile in the portal signs in directly."
          placeholder="https://app.example.com/login"
          inputMode="url"
          value={value.loginUrl}
          error={error("loginUrl")}
          onChange={(event) => set({ loginUrl: event.currentTarget.value })}
        />
      </div>
    </Section>
  );
}

function IdentityProvider({ application, saml, draft: { value, set, dirty }, error }: SamlTabProps) {
  return (
    <Section title="Enter in the application" help="What the service provider needs to know of Muster.">
      <TextInput
        label="IdP Entity ID"
        description="Any name that the service provider agrees to; without one it is the address of the metadata."
        placeholder={saml.metadataUrl}
        spellCheck={false}
        value={value.idpEntityId}
        error={error("idpEntityId")}
        onChange={(event) => set({ idpEntityId: event.currentTarget.value })}
      />
      <div className="block">
        <LabelledCopy label="IDP URL" value={saml.ssoUrl} help="Takes requests, and starts a sign-in without one." />
        <LabelledCopy label="Logout URL" value={saml.logoutUrl} />
      </div>
      <Checkbox
        label="Declare Redirect Endpoint"
        description="The metadata names the HTTP-Redirect binding beside HTTP-POST. Both are always taken."
        checked={value.declareRedirectEndpoint}
        onChange={(event) => set({ declareRedirectEndpoint: event.currentTarget.checked })}
      />
      <div className="block">
        {dirty && <Note tone="info">The metadata tells what is saved: save first.</Note>}
        <Button
          reads
          component="a"
          variant="default"
          href={saml.metadataUrl}
          download={`muster-${application._id}-metadata.xml`}
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Export Metadata
        </Button>
      </div>
      <Certificates application={application} saml={saml} />
    </Section>
  );
}

function Requests({ draft: { value, set }, error }: PartProps) {
  return (
    <Section
      title="Requests and sign-out"
      help="For service providers that sign, read encrypted assertions, or sign out."
    >
      <div className="fields">
        <Checkbox
          className="span2"
          label="Require signed requests"
          description="Requests without a signature of an SP certificate are refused. A wrong signature always is."
          checked={value.requireSignedRequests}
          error={error("requireSignedRequests")}
          onChange={(event) => set({ requireSignedRequests: event.currentTarget.checked })}
        />
        <Checkbox
          className="span2"
          label="Accept requests signed with RSA-SHA1"
          description="For old service providers that cannot do better."
          checked={value.allowSha1Requests}
          onChange={(event) => set({ allowSha1Requests: event.currentTarget.checked })}
        />
        {value.allowSha1Requests && (
          <div className="span2">
            <Note tone="warn">
              SHA-1 is broken: somebody with enough means can make a request that looks as if the service provider had
              signed it. Ask for RSA-SHA256, and turn this off then.
            </Note>
          </div>
        )}
        <Select
          label="Encrypt assertions"
          data={encryptions}
          value={value.encryption}
          error={error("encryption")}
          onChange={(encryption) => set({ encryption: encryption ?? "" })}
        />
        <TextInput
          className="span2"
          label="Single Logout URL"
          description="Where the service provider takes sign-outs."
          inputMode="url"
          value={value.logoutUrl}
          error={error("logoutUrl")}
          onChange={(event) => set({ logoutUrl: event.currentTarget.value })}
        />
        <Checkbox
          className="span2"
          label="Sign-outs by HTTP-POST"
          description="Instead of HTTP-Redirect."
          checked={value.logoutByPost}
          onChange={(event) => set({ logoutByPost: event.currentTarget.checked })}
        />
      </div>
    </Section>
  );
}
