import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  createDirectoryProvider,
  directoryProviderQuery,
  directoryProvidersQuery,
} from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import { Button } from "../../ui/controls.tsx";
import { Failure } from "../../ui/Note.tsx";
import { showOnce } from "./shownOnce.ts";
import { freeName, type ProviderKind, providerKinds, readKinds } from "./words.ts";
import "../applications/applications.css";
import "./scim.css";

/** Which directory it is. Choosing makes its endpoint and its token. */
export function Choose() {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const others = useQuery(directoryProvidersQuery(api));
  const create = useMutation({
    mutationFn: (kind: ProviderKind) =>
      createDirectoryProvider(api, {
        name: freeName(kind.label, others.data?.map((one) => one.name) ?? []),
        type: kind.type,
      }),
    onSuccess: ({ token, ...provider }) => {
      if (provider.endpoint && token) showOnce(provider.id, { endpoint: provider.endpoint, token });
      client.setQueryData([...directoryProviderQuery(api, provider.id).queryKey], () => provider);
      void client.invalidateQueries({ queryKey: [api.orgId, "directory-providers"] });
      void navigate({
        to: "/console/$slug/scim-provisioning/$directoryId",
        params: { slug: org.slug, directoryId: provider.id },
        search: {},
      });
    },
  });
  return (
    <section aria-labelledby="directory-providers">
      <h2 id="directory-providers" className="choose__title">
        Choose your Directory Provider
      </h2>
      <p className="section__help choose__help">
        Muster makes an Endpoint and a Bearer Token for it. Entered there, its people and groups come here and stay in
        step. Where they come from decides about them: here they are read-only.
      </p>
      <Failure error={create.error} />
      <Cards kinds={providerKinds} create={create} />
      <h2 className="choose__title">Or let Muster read it</h2>
      <p className="section__help choose__help">
        For a directory that sends nothing: Muster reads it on a schedule, shows what would be done before anything is,
        and asks before it lets many people go.
      </p>
      <Cards kinds={readKinds} create={create} />
    </section>
  );
}

interface CardsProps {
  kinds: ProviderKind[];
  create: { isPending: boolean; variables: ProviderKind | undefined; mutate: (kind: ProviderKind) => void };
}

function Cards({ kinds, create }: CardsProps) {
  return (
    <div className="cards">
      {kinds.map((kind) => (
        <section key={kind.type} className="card" aria-label={kind.label}>
          <h3 className="choose__name">{kind.label}</h3>
          <p>{kind.text}</p>
          <div>
            <Button
              variant="default"
              aria-label={`Choose ${kind.label}`}
              loading={create.isPending && create.variables?.type === kind.type}
              disabled={create.isPending}
              onClick={() => create.mutate(kind)}
            >
              Choose
            </Button>
          </div>
        </section>
      ))}
    </div>
  );
}
