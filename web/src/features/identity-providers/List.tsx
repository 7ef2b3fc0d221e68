import { Skeleton } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate } from "@tanstack/react-router";
import { identityProvidersQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { IdentityProvider } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { CheckBadge, people } from "./check.tsx";
import { typeOf } from "./form.ts";
import { RedirectUri } from "./Register.tsx";
import "../applications/applications.css";

/** All identity providers as cards. With exactly one, its own page opens instead. */
export function IdentityProviderList() {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const providers = useQuery(identityProvidersQuery(api));
  const add = () => void navigate({ to: "/console/$slug/identity-providers/add", params: { slug: org.slug } });
  const [only] = providers.data ?? [];
  if (only && providers.data?.length === 1) {
    return (
      <Navigate
        to="/console/$slug/identity-providers/$providerId"
        params={{ slug: org.slug, providerId: only.id }}
        replace
      />
    );
  }
  const empty = providers.data?.length === 0;
  return (
    <Page
      title="Identity Providers"
      count={empty ? null : providers.data?.length}
      actions={
        providers.data &&
        !empty && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            Add Identity Provider
          </Button>
        )
      }
    >
      <Failure error={providers.error} retry={() => void providers.refetch()} />
      {empty && (
        <>
          <Empty
            icon={<IconPlugConnected size={24} />}
            title="Let people sign in with another account"
            text="Connect Okta, Google, Microsoft Entra ID, another Muster organization or any OpenID provider. Routing policies then decide who signs in there."
            action={<Button onClick={add}>Add Identity Provider</Button>}
          />
          <div style={{ maxWidth: 720, margin: "24px auto 0" }}>
            <RedirectUri uri={undefined} />
          </div>
        </>
      )}
      {providers.isPending && <Skeleton height={160} />}
      {!empty && (
        <div className="cards">
          {providers.data?.map((provider) => (
            <Card key={provider.id} provider={provider} />
          ))}
        </div>
      )}
    </Page>
  );
}

function Card({ provider }: { provider: IdentityProvider }) {
  const { org } = useOrg();
  return (
    <section className="card" aria-label={provider.name}>
      <h2 style={{ margin: 0 }}>
        <Link
          className="table__main"
          to="/console/$slug/identity-providers/$providerId"
          params={{ slug: org.slug, providerId: provider.id }}
        >
          {provider.name}
        </Link>
      </h2>
      <p style={{ marginBottom: 4 }}>
        {typeOf(provider.type).label} · {provider.oidc.url}
      </p>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 8 }}>
        {provider.enabled ? <CheckBadge check={provider.check} /> : <Status tone="muted">Disabled</Status>}
        <Status tone="info">{`${people(provider.routedUsers ?? 0)} routed here`}</Status>
      </div>
      {provider.check?.at && (
        <span className="section__help">
          Checked <Ago at={provider.check.at} />
        </span>
      )}
    </section>
  );
}
