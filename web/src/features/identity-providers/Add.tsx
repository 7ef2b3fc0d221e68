import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createIdentityProvider, discover } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { type IdpDraft, known, newProvider, problemsOf, serverNames, writeOf } from "./form.ts";
import { ProviderForm } from "./ProviderForm.tsx";

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
  const found = useDiscovery(asked);
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
          help="The provider gives you a client ID and secret when you register Muster there."
        >
          <ProviderForm draft={draft.value} set={draft.set} error={errorOf} isNew onUrlDone={look} />
          <div style={{ marginTop: 16 }}>
            <Failure error={found.error} />
            {found.data?.problems.length === 0 && found.data.issuer && (
              <Note tone="ok">Found. Its issuer is {found.data.issuer}.</Note>
            )}
            {found.data?.problems.map((problem) => (
              <Note key={problem} tone="warn">
                {problem}
              </Note>
            ))}
          </div>
        </Section>
        <Section title="Register at the provider" help="Muster's side of the connection.">
          <RedirectUri uri={found.data?.redirectUri} />
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

function useDiscovery(asked: { url: string; type: string } | null) {
  const { api } = useOrg();
  return useQuery({
    queryKey: [api.orgId, "discover", asked],
    queryFn: () => discover(api, asked ?? { url: "", type: "OIDC" }),
    enabled: asked !== null,
    retry: false,
    staleTime: 60_000,
  });
}

/** The address to register at a provider; until one is known, the one for providers that name themselves. */
export function RedirectUri({ uri }: { uri: string | undefined }) {
  const { session } = useOrg();
  const usual = `${session.publicUrl.replace(/\/$/, "")}/oauth/callback`;
  return (
    <LabelledCopy
      label="Redirect URI"
      value={uri ?? usual}
      help={
        uri
          ? "Register exactly this address at the provider."
          : "Register this address at the provider. A provider that does not name itself in its answers gets an address of its own, shown here once its URL is entered."
      }
    />
  );
}
