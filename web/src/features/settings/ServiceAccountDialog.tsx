import { Group, Modal, Stack, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import {
  addServiceAccountSecret,
  deleteServiceAccount,
  dropServiceAccountSecret,
  rolesQuery,
  updateServiceAccount,
} from "../../api/serviceAccounts.ts";
import type { Role, ServiceAccount, ServiceAccountSecret } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select, Switch } from "../../ui/fields/frequent.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Ago } from "../../ui/time.tsx";
import { lifetimeChoices } from "./CreateServiceAccount.tsx";
import type { MadeSecret } from "./ServiceAccountSecret.tsx";

interface ServiceAccountDialogProps {
  account: ServiceAccount | null;
  onClose: () => void;
  onChanged: () => Promise<unknown>;
  onSecret: (secret: MadeSecret) => void;
}

/** One service account: its role, whether it is let in, its secrets. */
export function ServiceAccountDialog(props: ServiceAccountDialogProps) {
  return (
    <Modal opened={props.account !== null} onClose={props.onClose} title="Service account" size="lg">
      {props.account && <Content {...props} account={props.account} />}
    </Modal>
  );
}

function Content({ account, onClose, onChanged, onSecret }: ServiceAccountDialogProps & { account: ServiceAccount }) {
  const { api } = useOrg();
  const confirm = useConfirm();
  const roles = useQuery(rolesQuery(api)).data ?? [];
  const [name, setName] = useState(account.name);
  const [role, setRole] = useState<Role>(account.roleName);
  const [enabled, setEnabled] = useState(!account.disabled);
  const save = useMutation({
    mutationFn: () => updateServiceAccount(api, account.id, { name: name.trim(), roleName: role, disabled: !enabled }),
    onSuccess: async (saved) => {
      await onChanged();
      done(`Service account ${saved.name} saved.`);
      onClose();
    },
  });
  const remove = async () => {
    const yes = await confirm({
      title: `Delete ${account.name}?`,
      body: "Its secrets and the tokens that it has stop working at once. The program that uses it is shut out.",
      confirm: "Delete service account",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteServiceAccount(api, account.id);
      await onChanged();
      done(`Service account ${account.name} is deleted.`);
      onClose();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Failure error={save.error} known={["name", "roleName"]} />
      <Stack gap={14}>
        <div className="fields">
          <TextInput
            label="Name"
            autoComplete="off"
            maxLength={255}
            value={name}
            error={fieldError(save.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Role"
            data={roles.length > 0 ? roles.map((one) => one.name) : [role]}
            value={role}
            error={fieldError(save.error, "roleName")}
            onChange={(next) => next && setRole(next as Role)}
          />
        </div>
        <Switch
          label="May use the API"
          description="When off, its secrets and tokens open nothing. They work again when it is on."
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <Secrets account={account} onChanged={onChanged} onSecret={onSecret} />
      </Stack>
      <Group justify="space-between" mt="lg">
        <Button variant="default" onClick={() => void remove()}>
          Delete
        </Button>
        <Group gap={8}>
          <Button reads variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Group>
    </form>
  );
}

interface SecretsProps {
  account: ServiceAccount;
  onChanged: () => Promise<unknown>;
  onSecret: (secret: MadeSecret) => void;
}

function Secrets({ account, onChanged, onSecret }: SecretsProps) {
  const { api } = useOrg();
  const confirm = useConfirm();
  const [days, setDays] = useState("90");
  const add = useMutation({
    mutationFn: () => addServiceAccountSecret(api, account.id, Number(days)),
    onSuccess: async (made) => {
      await onChanged();
      onSecret({ clientId: account.clientId, clientSecret: made.clientSecret ?? "" });
    },
    onError: failed,
  });
  const drop = async (secret: ServiceAccountSecret) => {
    const last = account.authConfigs.length === 1;
    const yes = await confirm({
      title: "Delete this secret?",
      body: last
        ? "It is the only one: the program is shut out until it has a new one."
        : "A program that still uses it is shut out, and the tokens that it brought stop working.",
      confirm: "Delete secret",
      danger: true,
    });
    if (!yes) return;
    try {
      await dropServiceAccountSecret(api, account.id, secret.id);
      await onChanged();
      done("The secret is deleted.");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <section aria-label="Secrets">
      <Title order={3} mb={8}>
        Secrets
      </Title>
      <DataTable<ServiceAccountSecret>
        label="Secrets"
        rows={account.authConfigs}
        id={(secret) => secret.id}
        empty="No secret."
        columns={[
          { key: "made", label: "Made", kind: "lead", render: (secret) => <Ago at={secret.createdAt} /> },
          { key: "until", label: "Runs out", kind: "tight", render: (secret) => <Ago at={secret.expiresAt} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (secret) => (
              <Button size="xs" variant="subtle" color="gray" onClick={() => void drop(secret)}>
                Delete
              </Button>
            ),
          },
        ]}
      />
      <Group gap={8} mt={10} align="flex-end">
        <Select
          aria-label="Lifetime of the new secret"
          w={130}
          data={lifetimeChoices}
          value={days}
          onChange={(next) => next && setDays(next)}
        />
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          New secret
        </Button>
      </Group>
    </section>
  );
}
