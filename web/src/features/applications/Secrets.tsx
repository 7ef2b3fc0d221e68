import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createSecret, deleteSecret } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application, ApplicationSso, ClientSecretInfo } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Ago } from "../../ui/time.tsx";
import { SavedDialog } from "./SavedDialog.tsx";

/** The client secrets: never shown again, but a new one can be made and live beside the old until that is dropped. */
export function Secrets({ application, sso }: { application: Application; sso: ApplicationSso }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [made, setMade] = useState<string | null>(null);
  const secrets = sso.oidc.secrets ?? [];
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId, "application", application._id, "sso"] });
  const create = useMutation({
    mutationFn: () => createSecret(api, application._id),
    onSuccess: (answer) => {
      setMade(answer.clientSecret);
      void refresh();
    },
    onError: failed,
  });
  const drop = async (secret: ClientSecretInfo) => {
    const last = secrets.length === 1;
    const yes = await confirm({
      title: `Delete the secret ending in ${secret.hint}?`,
      body: last
        ? "It is the only one: the application cannot sign anybody in until it has a new one."
        : "An application that still uses it can no longer sign anybody in.",
      confirm: "Delete secret",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteSecret(api, application._id, secret.id);
      await refresh();
      done("The secret is deleted.");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Section
      title="Client Secrets"
      help="A secret is shown once. Make a new one, enter it in the application, then delete the old one."
    >
      <DataTable<ClientSecretInfo>
        label="Client Secrets"
        rows={secrets}
        id={(secret) => secret.id}
        empty="No secret."
        columns={[
          {
            key: "hint",
            label: "Ends in",
            kind: "lead",
            render: (secret) => <span className="m-mono">…{secret.hint}</span>,
          },
          { key: "created", label: "Created", kind: "tight", render: (secret) => <Ago at={secret.createdAt} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (secret) => (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`Delete the secret ending in ${secret.hint}`}
                onClick={() => void drop(secret)}
              >
                Delete
              </Button>
            ),
          },
        ]}
      />
      <Button variant="default" mt={12} loading={create.isPending} onClick={() => create.mutate()}>
        Regenerate secret
      </Button>
      <SavedDialog
        title="New Client Secret"
        clientId={sso.oidc.clientId}
        clientSecret={made ?? undefined}
        opened={made !== null}
        onClose={() => setMade(null)}
      />
    </Section>
  );
}
