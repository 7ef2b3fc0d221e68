import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { attentionQuery } from "../../api/attention.ts";
import { directoryProvidersQuery } from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { AttentionItem, DirectoryProvider } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { stateWords } from "../home/attentionWords.ts";
import { Choose } from "./Choose.tsx";
import { kindOf, lifeOf } from "./words.ts";

/** The directories that feed us. With none, the choice of one stands here at once. */
export function ScimProvisioningList() {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const providers = useQuery(directoryProvidersQuery(api));
  const attention = useQuery(attentionQuery(api));
  // The most pressing one of each stands first.
  const trouble = new Map<string, AttentionItem>();
  for (const item of attention.data?.results ?? []) {
    if (item.kind === "directory_provider" && item.id && !trouble.has(item.id)) trouble.set(item.id, item);
  }
  const params = { slug: org.slug };
  const empty = providers.data?.length === 0;
  const open = (one: DirectoryProvider) =>
    void navigate({
      to: "/console/$slug/scim-provisioning/$directoryId",
      params: { ...params, directoryId: one.id },
      search: {},
    });
  return (
    <Page
      title="SCIM Provisioning"
      count={empty ? null : providers.data?.length}
      under="Directories whose users and groups come here."
      actions={
        providers.data &&
        !empty && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => void navigate({ to: "/console/$slug/scim-provisioning/add", params })}
          >
            Add Directory Provider
          </Button>
        )
      }
    >
      <Failure error={providers.error} retry={() => void providers.refetch()} />
      {empty ? (
        <Choose />
      ) : (
        !providers.error && (
          <DataTable<DirectoryProvider>
            label="Directory providers"
            expected={3}
            rows={providers.data}
            id={(one) => one.id}
            open={open}
            columns={[
              {
                key: "name",
                label: "Name",
                kind: "lead",
                render: (one) => (
                  <Link
                    className="table__main"
                    to="/console/$slug/scim-provisioning/$directoryId"
                    params={{ ...params, directoryId: one.id }}
                  >
                    {one.name}
                  </Link>
                ),
              },
              { key: "type", label: "Provider", kind: "tight", render: (one) => kindOf(one.type).label },
              {
                key: "state",
                label: "State",
                kind: "tight",
                render: (one) => <State one={one} trouble={trouble.get(one.id)} />,
              },
              { key: "users", label: "Users", kind: "num", render: (one) => one.userCount.toLocaleString() },
              { key: "groups", label: "Groups", kind: "num", render: (one) => one.groupCount.toLocaleString() },
              {
                key: "last",
                label: "Last request",
                kind: "tight",
                render: (one) => !one.read && <Ago at={one.lastRequestAt} />,
              },
            ]}
          />
        )
      )}
    </Page>
  );
}

/** How a directory is doing; what needs somebody is said before what is usual. */
function State({ one, trouble }: { one: DirectoryProvider; trouble: AttentionItem | undefined }) {
  const { tone, label } = trouble ? stateWords[trouble.state] : lifeOf(one);
  return (
    <span title={trouble?.message}>
      <Status tone={tone}>{label}</Status>
    </span>
  );
}

/** A further directory, where there are some. */
export function ScimProvisioningAdd() {
  const { org } = useOrg();
  return (
    <Page
      title="Add Directory Provider"
      back={{ label: "SCIM Provisioning", to: "/console/$slug/scim-provisioning", params: { slug: org.slug } }}
    >
      <Choose />
    </Page>
  );
}
