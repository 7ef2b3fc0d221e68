import { Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg, useReadOnly } from "../../api/org.tsx";
import {
  administratorsQuery,
  createAdministrator,
  deleteAdministrator,
  setAdministratorRole,
} from "../../api/settings.ts";
import type { Administrator, Role } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { roles } from "../scim-provisioning/words.ts";
import { emailProblem } from "../users/form.ts";
import { type Link as Activation, LinkDialog } from "../users/LinkDialog.tsx";

export function Administrators() {
  const { api, session } = useOrg();
  const readOnly = useReadOnly();
  const client = useQueryClient();
  const confirm = useConfirm();
  const administrators = useQuery(administratorsQuery(api));
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<Activation | null>(null);
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
  const setRole = async (one: Administrator, role: Role) => {
    if (role === one.roleName) return;
    const yes = await confirm({
      title: `Give ${nameOf(one)} the role ${role}?`,
      body:
        role === "Read Only"
          ? `${one.email} sees everything in this organization and changes nothing any more, at once.`
          : `${one.email} can change everything in this organization, also who is an administrator.`,
      confirm: "Change the role",
    });
    if (!yes) return;
    try {
      await setAdministratorRole(api, one._id, role);
      await refresh();
      done(`${nameOf(one)} has the role ${role} now.`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Page
      title="Administrators"
      count={administrators.data?.totalCount}
      actions={
        readOnly ? undefined : (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add administrator
          </Button>
        )
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
          {
            key: "role",
            label: "Role",
            render: (one) =>
              one.source || one._id === session.admin.id || readOnly ? (
                one.roleName
              ) : (
                <Select
                  size="xs"
                  w={150}
                  allowDeselect={false}
                  aria-label={`Role of ${nameOf(one)}`}
                  data={roles}
                  value={one.roleName}
                  onChange={(role) => role && void setRole(one, role as Role)}
                />
              ),
          },
          { key: "source", label: "From", render: (one) => <From one={one} /> },
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
              one._id !== session.admin.id &&
              !one.source &&
              !readOnly && (
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

/** Where it comes from that somebody is an administrator. */
function From({ one }: { one: Administrator }) {
  const { org } = useOrg();
  if (!one.source) return "By hand";
  return (
    <Link
      to="/console/$slug/scim-provisioning/$directoryId"
      params={{ slug: org.slug, directoryId: one.source.directoryProvider }}
      search={{ tab: "roles" }}
    >
      {one.source.directoryProviderName}: group {one.source.groupName}
    </Link>
  );
}

interface AddAdministratorProps {
  opened: boolean;
  onClose: () => void;
  onAdded: (made: Administrator) => void;
}

const blank = { email: "", firstname: "", lastname: "", roleName: "Administrator" as Role };

function AddAdministrator({ opened, onClose, onAdded }: AddAdministratorProps) {
  const { api } = useOrg();
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
          const found = value.email.trim() === "" ? "Enter the administrator's e-mail." : emailProblem(value.email);
          setProblem(found);
          if (!found) add.mutate();
        }}
      >
        <Failure error={add.error} known={["email", "firstname", "lastname", "roleName"]} />
        <Stack gap={14}>
          <Text size="sm" c="dimmed">
            Administrators see and change everything in this organization, or only see it. They are not users: they sign
            in to the console only.
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
          <Select
            label="Role"
            allowDeselect={false}
            data={roles}
            value={value.roleName}
            error={fieldError(add.error, "roleName")}
            onChange={(role) => role && setValue({ ...value, roleName: role as Role })}
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
