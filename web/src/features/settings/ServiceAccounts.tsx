import { Group } from "@mantine/core";
import { IconPlus, IconRobot } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { serviceAccountsQuery } from "../../api/serviceAccounts.ts";
import type { ServiceAccount } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { CreateServiceAccount } from "./CreateServiceAccount.tsx";
import { ServiceAccountDialog } from "./ServiceAccountDialog.tsx";
import { type MadeSecret, ServiceAccountSecret } from "./ServiceAccountSecret.tsx";
import { lastSecret } from "./serviceAccount.ts";

/** Programs that use the API with a role of their own, instead of an administrator's key. */
export function ServiceAccounts() {
  const { api } = useOrg();
  const client = useQueryClient();
  const accounts = useQuery(serviceAccountsQuery(api));
  const [adding, setAdding] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const [made, setMade] = useState<MadeSecret | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: serviceAccountsQuery(api).queryKey });
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Add service account
    </Button>
  );
  const opened = accounts.data?.find((one) => one.id === openId) ?? null;
  return (
    <div className="tab-body">
      <Failure error={accounts.error} retry={() => void accounts.refetch()} />
      {accounts.data?.length === 0 ? (
        <Empty
          icon={<IconRobot size={24} />}
          title="No service accounts yet"
          text="A program that uses the API gets an account with a role, and a secret that runs out. It is nobody's key, and stays when an administrator leaves."
          action={add}
        />
      ) : (
        <>
          <Group justify="flex-end" mb={12}>
            {add}
          </Group>
          <DataTable<ServiceAccount>
            label="Service accounts"
            expected={2}
            rows={accounts.data}
            id={(one) => one.id}
            open={(one) => setOpenId(one.id)}
            columns={[
              {
                key: "name",
                label: "Service account",
                kind: "lead",
                render: (one) => (
                  <span>
                    <button type="button" className="table__main table__open" onClick={() => setOpenId(one.id)}>
                      {one.name}
                    </button>
                    <span className="table__sub m-mono">{one.clientId}</span>
                  </span>
                ),
              },
              { key: "role", label: "Role", kind: "tight", render: (one) => one.roleName },
              { key: "secret", label: "Secret runs out", kind: "tight", render: (one) => <RunsOut account={one} /> },
              { key: "created", label: "Added", kind: "tight", render: (one) => <Ago at={one.createdAt} /> },
              {
                key: "state",
                label: "State",
                kind: "tight",
                render: (one) =>
                  one.disabled ? <Status tone="muted">Disabled</Status> : <Status tone="ok">Active</Status>,
              },
            ]}
          />
        </>
      )}
      <CreateServiceAccount
        opened={adding}
        onClose={() => setAdding(false)}
        onMade={(account, clientSecret) => {
          setAdding(false);
          setMade({ clientId: account.clientId, clientSecret });
          void refresh();
        }}
      />
      <ServiceAccountDialog
        key={openId}
        account={opened}
        onClose={() => setOpenId(null)}
        onChanged={refresh}
        onSecret={(secret) => {
          setOpenId(null);
          setMade(secret);
        }}
      />
      <ServiceAccountSecret made={made} onClose={() => setMade(null)} />
    </div>
  );
}

/** The account works until its longest-lived secret runs out. */
function RunsOut({ account }: { account: ServiceAccount }) {
  const last = lastSecret(account.authConfigs, new Date());
  if (last.state === "none") return <Status tone="bad">No secret</Status>;
  if (last.state === "over") return <Status tone="bad">Ran out</Status>;
  if (last.state === "soon") {
    return (
      <span>
        <Status tone="warn">Soon</Status> <Ago at={last.at} />
      </span>
    );
  }
  return <Ago at={last.at} />;
}
