import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  checkIdentityProvider,
  identityProviderQuery,
  identityProvidersQuery,
  updateIdentityProvider,
} from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { IdentityProvider } from "../../api/types.ts";
import { CopyId, LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { LoadingPage } from "../../ui/LoadingPage.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { CheckBadge, people } from "./check.tsx";
import { draftOf, type IdpDraft, known, problemsOf, serverNames, typeOf, writeOf } from "./form.ts";
import { Policies } from "./Policies.tsx";
import { ProviderForm } from "./ProviderForm.tsx";
import { ProviderMenu } from "./ProviderMenu.tsx";
import { RedirectUri, ServiceProvider } from "./Register.tsx";
import { SamlCertificates } from "./SamlCertificates.tsx";

const route = getRouteApi("/console/$slug/identity-providers/$providerId");

export function IdentityProviderDetails() {
  const { api, org } = useOrg();
  const { providerId } = route.useParams();
  const provider = useQuery(identityProviderQuery(api, providerId));
  if (provider.data) return <Loaded key={providerId} provider={provider.data} />;
  const back = {
    label: "Identity Providers",
    to: "/console/$slug/identity-providers" as const,
    params: { slug: org.slug },
  };
  return <LoadingPage back={back} error={provider.error} retry={() => void provider.refetch()} />;
}

function Loaded({ provider }: { provider: IdentityProvider }) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const all = useQuery(identityProvidersQuery(api));
  const draft = useDraft(draftOf(provider));
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft.value, false);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: [api.orgId, "identity-provider", provider.id] });
    void client.invalidateQueries({ queryKey: [api.orgId, "identity-providers"] });
  };
  const save = useMutation({
    mutationFn: () => updateIdentityProvider(api, provider.id, writeOf(draft.value, provider.enabled)),
    onSuccess: (saved) => {
      client.setQueryData([api.orgId, "identity-provider", provider.id], saved);
      refresh();
      draft.reset();
      setTried(false);
      done(`Identity provider ${saved.name} saved.`);
    },
    onError: focusFirstError,
  });
  const check = useMutation({
    mutationFn: () => checkIdentityProvider(api, provider.id),
    onSuccess: (result) => {
      refresh();
      if (result.state === "ok") done(`${provider.name} answers as it should.`);
    },
    onError: failed,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) focusFirstError();
    else save.mutate();
  };
  const errorOf = (name: keyof IdpDraft) =>
    (tried ? problems[name] : undefined) ??
    fieldError(save.error, name) ??
    (serverNames[name] ? fieldError(save.error, serverNames[name]) : undefined);
  const several = (all.data?.length ?? 1) > 1;
  const params = { slug: org.slug };
  return (
    <Page
      title={provider.name}
      back={several ? { label: "Identity Providers", to: "/console/$slug/identity-providers", params } : undefined}
      state={provider.enabled ? <CheckBadge check={provider.check} /> : <Status tone="muted">Disabled</Status>}
      under={
        <>
          {typeOf(provider.type).label} identity provider · {people(provider.routedUsers ?? 0)} routed here{" "}
          <CopyId id={provider.id} />
        </>
      }
      actions={
        <>
          <Button
            variant="default"
            onClick={() => void navigate({ to: "/console/$slug/identity-providers/add", params })}
          >
            Add Identity Provider
          </Button>
          <ProviderMenu provider={provider} onDeleted={() => guard.allow()} />
        </>
      }
    >
      <Failure error={save.error} known={known} />
      <Policies provider={provider} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Section
          title="Identity Provider Configuration"
          help="The connection to the provider. Its secret is never shown again."
        >
          <ProviderForm draft={draft.value} set={draft.set} error={errorOf} id={provider.id} />
          <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
        </Section>
      </form>
      <Section title="Register at the provider" help="Muster's side of the connection.">
        {provider.saml ? (
          <ServiceProvider place={provider.saml.serviceProvider} />
        ) : (
          <RedirectUri uri={provider.redirectUri} />
        )}
        {!provider.saml && provider.backchannelLogoutUri && (
          <LabelledCopy
            label="Back-channel logout URI"
            value={provider.backchannelLogoutUri}
            help="Optional. The provider tells here that a session there ended; the one here ends with it."
          />
        )}
        {!provider.saml && provider.frontchannelLogoutUri && (
          <LabelledCopy
            label="Front-channel logout URI"
            value={provider.frontchannelLogoutUri}
            help="Optional. The same, in the person's browser."
          />
        )}
        {!provider.saml && provider.jwksUri && (
          <LabelledCopy
            label="Muster's keys (JWKS)"
            value={provider.jwksUri}
            help="Only for private key JWT and encrypted ID tokens."
          />
        )}
      </Section>
      <Section
        title="Health"
        help={
          provider.saml
            ? "Whether the last sign-in was believed, and the certificates are valid."
            : "Muster reads the provider's well-known document and keys from time to time."
        }
      >
        {provider.saml && <SamlCertificates certificates={provider.saml.certificateDetails} />}
        {provider.check?.state === "failing" && (
          <Note tone="bad">
            {provider.check.message || "The last check failed."} People routed here cannot sign in until it works;
            everybody else can.
          </Note>
        )}
        <p style={{ marginTop: 0 }}>
          <CheckBadge check={provider.check} />{" "}
          {provider.check?.at && (
            <span className="section__help">
              checked <Ago at={provider.check.at} />
            </span>
          )}
        </p>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check now
        </Button>
      </Section>
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={submit}
        onCancel={() => {
          draft.reset();
          save.reset();
          setTried(false);
        }}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
