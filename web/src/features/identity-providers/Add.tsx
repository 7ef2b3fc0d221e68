import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createIdentityProvider, discover } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { type IdpDraft, known, newProvider, problemsOf, serverNames, writeOf } from "./form.ts";
import { ProviderForm } from "./ProviderForm.tsx";
import { RedirectUri, ServiceProvider } from "./Register.tsx";
import { SamlMetadata } from "./SamlMetadata.tsx";
import { samlDraftOf } from "./saml.ts";

/** A new identity provider. The address to register there is known before it exists. */
export function IdentityProviderAdd() {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const draft = useDraft(newProvider);
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const [asked, setAsked] = useState<{ url: string; type: string } | null>(null);
  const problems = problemsOf(draft.value, true);
  const isSaml = draft.value.type === "SAML";
  // Which addresses to register at a provider that speaks SAML is known before anything of it is.
  const found = useDiscovery(isSaml ? { url: "", type: "SAML", metadata: "" } : asked);
  const save = useMutation({
    mutationFn: () => createIdentityProvider(api, writeOf(draft.value, true, found.data?.id)),
    onSuccess: (provider) => {
      guard.allow();
      void client.invalidateQueries({ queryKey: [api.orgId, "identity-providers"] });
      done(`Identity provider ${provider.name} saved.`);
      void navigate({
        to: "/console/$slug/identity-providers/$providerId",
        params: { slug: org.slug, providerId: provider.id },
      });
    },
    onError: focusFirstError,
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
  const look = () => {
    if (!problems.url) setAsked({ url: draft.value.url.trim(), type: draft.value.type });
  };
  const back = {
    label: "Identity Providers",
    to: "/console/$slug/identity-providers" as const,
    params: { slug: org.slug },
  };
  return (
    <Page title="New identity provider" back={back}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Failure error={save.error} known={known} />
        <Section
          title="Connection"
          help={
            isSaml
              ? "The provider's metadata fills in everything but the name."
              : "The provider gives you a client ID and secret when you register Muster there."
          }
        >
          {isSaml && (
            <SamlMetadata
              id={found.data?.id}
              onRead={(read) => draft.set({ ...samlDraftOf(read.saml), type: "SAML" })}
            />
          )}
          <ProviderForm draft={draft.value} set={draft.set} error={errorOf} isNew onUrlDone={look} />
          <div style={{ marginTop: 16 }}>
            <Failure error={found.error} />
            {!isSaml && found.data?.problems.length === 0 && found.data.issuer && (
              <Note tone="ok">Found. Its issuer is {found.data.issuer}.</Note>
            )}
            {(isSaml ? [] : (found.data?.problems ?? [])).map((problem) => (
              <Note key={problem} tone="warn">
                {problem}
              </Note>
            ))}
          </div>
        </Section>
        <Section title="Register at the provider" help="Muster's side of the connection.">
          {isSaml ? (
            <ServiceProvider place={found.data?.serviceProvider} />
          ) : (
            <RedirectUri uri={found.data?.redirectUri} />
          )}
        </Section>
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
      <SaveBar
        always
        changes={draft.changes.length}
        text="The new identity provider is not saved yet"
        label="Save"
        saving={save.isPending}
        onSave={submit}
        onCancel={() => void navigate({ to: back.to, params: { slug: org.slug } })}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}

function useDiscovery(asked: { url: string; type: string; metadata?: string } | null) {
  const { api } = useOrg();
  return useQuery({
    queryKey: [api.orgId, "discover", asked],
    queryFn: () => discover(api, asked ?? { url: "", type: "OIDC" }),
    enabled: asked !== null,
    retry: false,
    staleTime: 60_000,
  });
}
