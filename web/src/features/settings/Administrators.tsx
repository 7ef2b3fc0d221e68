import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { administratorsQuery, createAdministrator, deleteAdministrator } from "../../api/settings.ts";
import type { Administrator } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { emailProblem } from "../users/form.ts";
import { type Link, LinkDialog } from "../users/LinkDialog.tsx";

export function Administrators() {
  const { api, session } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const administrators = useQuery(administratorsQuery(api));
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<Link | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId, "administrators"] });
  const nameOf = (one: Administrator) => `${one.firstname ?? ""} ${one.lastname ?? ""}`.trim() || one.email;
  const remove = async (one: Administrator) => {
    const yes = await confirm({
      title: `Remove ${nameOf(one)}?`,
      body: `${one.email} can no longer open the console, and their API key stops working at once.`,
      confirm: "Remove administrator",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteAdministrator(api, one._id);
      await refresh();
      done(`${nameOf(one)} is no longer an administrator.`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Page
      title="Administrators"
      count={administrators.data?.totalCount}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          Add administrator
        </Button>
      }
    >
      <Failure error={administrators.error} retry={() => void administrators.refetch()} />
      <DataTable<Administrator>
        label="Administrators"
        expected={3}
        rows={administrators.data?.results}
        id={(one) => one._id}
        empty="No administrator."
        columns={[
          {
            key: "name",
            label: "Administrator",
            kind: "lead",
            render: (one) => (
              <span>
                <strong style={{ fontWeight: 500 }}>{nameOf(one)}</strong>
                <span className="table__sub">{one.email}</span>
              </span>
            ),
          },
          { key: "role", label: "Role", render: (one) => one.roleName },
          { key: "key", label: "API key", kind: "tight", render: (one) => (one.apiKeySet ? "Set" : "None") },
          { key: "created", label: "Added", kind: "tight", render: (one) => <Ago at={one.created} /> },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (one) =>
              one.suspended ? <Status tone="bad">Suspended</Status> : <Status tone="ok">Active</Status>,
          },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (one) =>
              one._id !== session.admin.id && (
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${nameOf(one)}`}
                  onClick={() => void remove(one)}
                >
                  Remove
                </Button>
              ),
          },
        ]}
      />
      <AddAdministrator
        opened={adding}
        onClose={() => setAdding(false)}
        onAdded={(made) => {
          setAdding(false);
          void refresh();
          if (made.activationLink) setLink({ kind: "activation", url: made.activationLink, email: made.email });
          else done(`${made.email} is an administrator now. A link to choose a password is on its way.`);
        }}
      />
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </Page>
  );
}

interface AddAdministratorProps {
  opened: boolean;
  onClose: () => void;
  onAdded: (made: Administrator) => void;
}

function AddAdministrator({ opened, onClose, onAdded }: AddAdministratorProps) {
  const { api } = useOrg();
  const blank = { email: "", firstname: "", lastname: "", roleName: "Administrator" };
  const [value, setValue] = useState(blank);
  const [problem, setProblem] = useState<string>();
  const add = useMutation({
    mutationFn: () => createAdministrator(api, { ...value, email: value.email.trim() }),
    onSuccess: (made) => {
      setValue(blank);
      onAdded(made);
    },
  });
  const close = () => {
    setValue(blank);
    setProblem(undefined);
    add.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Add administrator">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const found = emailProblem(value.email);
          setProblem(found);
          if (!found) add.mutate();
        }}
      >
        <Failure error={add.error} known={["email", "firstname", "lastname"]} />
        <Stack gap={14}>
          <Text size="sm" c="dimmed">
            Administrators see and change everything in this organization. They are not users: they sign in to the
            console only.
          </Text>
          <TextInput
            className="m-required"
            label="Email"
            type="email"
            autoComplete="off"
            data-autofocus
            value={value.email}
            error={problem ?? fieldError(add.error, "email")}
            onChange={(event) => setValue({ ...value, email: event.currentTarget.value })}
          />
          <TextInput
            label="First Name"
            autoComplete="off"
            value={value.firstname}
            error={fieldError(add.error, "firstname")}
            onChange={(event) => setValue({ ...value, firstname: event.currentTarget.value })}
          />
          <TextInput
            label="Last Name"
            autoComplete="off"
            value={value.lastname}
            error={fieldError(add.error, "lastname")}
            onChange={(event) => setValue({ ...value, lastname: event.currentTarget.value })}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add administrator
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
