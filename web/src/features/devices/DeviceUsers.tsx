import { Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { changeDeviceUser, deviceUsersQuery, type EdgeOp, setOwner } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { Device, DeviceSudo, DeviceUser } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Switch } from "../../ui/fields/frequent.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { UserPicker } from "../users/UserPicker.tsx";
import { deviceName } from "./words.tsx";

const NO_SUDO: DeviceSudo = { enabled: false, withoutPassword: false };

interface Edge {
  op: EdgeOp;
  user: { id: string; name: string };
  sudo?: DeviceSudo;
}

/** Who has an account on the device, who may act as root there, and whose it is. */
export function DeviceUsers({ device }: { device: Device }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const users = useQuery(deviceUsersQuery(api, device._id));
  const name = deviceName(device);
  const refresh = () => {
    for (const kind of ["device", "devices", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
  };
  const change = useMutation({
    mutationFn: ({ op, user, sudo }: Edge) => changeDeviceUser(api, device._id, op, user.id, sudo),
    onSuccess: (_, { op, user, sudo }) => {
      refresh();
      if (op === "add") done(`${user.name} is bound to ${name} now.`);
      else if (op === "remove") done(`${user.name} is no longer bound to ${name}.`);
      else done(sudo?.enabled ? `${user.name} may use sudo on ${name}.` : `${user.name} has no sudo on ${name}.`);
    },
    onError: failed,
  });
  const own = useMutation({
    mutationFn: (user: { id: string; name: string } | null) => setOwner(api, device._id, user?.id ?? null),
    onSuccess: (_, user) => {
      refresh();
      done(user ? `${user.name} owns ${name} now.` : `${name} has no owner now.`);
    },
    onError: failed,
  });
  const owner = device.primarySystemUser;
  const away = owner && users.data && !users.data.some((one) => one.id === owner.id);
  const of = (row: DeviceUser) => ({ id: row.id, name: row.username });
  const sudo = (row: DeviceUser, next: DeviceSudo) => change.mutate({ op: "update", user: of(row), sudo: next });
  return (
    <div className="tab-body">
      <div className="tools">
        <div style={{ width: 320, maxWidth: "100%" }}>
          <UserPicker
            label="Bind a user to this device"
            placeholder="Bind a user to this device"
            without={users.data?.map((one) => one.id) ?? []}
            onPick={(user) => change.mutate({ op: "add", user: { id: user._id, name: user.username }, sudo: NO_SUDO })}
          />
        </div>
      </div>
      {away && (
        <Note tone="info">
          {owner.displayname} owns this device and has no account on it.
          <Group gap={8} mt={8}>
            <Button
              size="xs"
              variant="default"
              onClick={() => change.mutate({ op: "add", user: { id: owner.id, name: owner.username }, sudo: NO_SUDO })}
            >
              Bind {owner.username}
            </Button>
            <Button size="xs" variant="default" onClick={() => own.mutate(null)}>
              Remove owner
            </Button>
          </Group>
        </Note>
      )}
      <Failure error={users.error} retry={() => void users.refetch()} />
      <DataTable<DeviceUser>
        label="Users of this device"
        expected={3}
        rows={users.data}
        id={(row) => row.id}
        empty="Nobody is bound to this device yet. Who is gets an account on it once the agent is there."
        columns={[
          {
            key: "name",
            label: "User",
            kind: "lead",
            render: (row) => (
              <Link
                className="table__main"
                to="/console/$slug/users/$userId"
                params={{ slug: org.slug, userId: row.id }}
              >
                {row.displayname || row.username}
                <span className="table__sub">{row.email}</span>
              </Link>
            ),
          },
          {
            key: "sudo",
            label: "sudo",
            kind: "tight",
            render: (row) => (
              <Switch
                size="xs"
                aria-label={`sudo for ${row.username}`}
                checked={row.sudo.enabled ?? false}
                disabled={change.isPending}
                onChange={(event) => sudo(row, { ...NO_SUDO, enabled: event.currentTarget.checked })}
              />
            ),
          },
          {
            key: "password",
            label: "Without password",
            kind: "tight",
            render: (row) => (
              <Switch
                size="xs"
                aria-label={`sudo without password for ${row.username}`}
                checked={row.sudo.withoutPassword ?? false}
                disabled={change.isPending || !row.sudo.enabled}
                onChange={(event) => sudo(row, { enabled: true, withoutPassword: event.currentTarget.checked })}
              />
            ),
          },
          {
            key: "owner",
            label: "Owner",
            kind: "tight",
            render: (row) => row.owner && <Status tone="ok">Owner</Status>,
          },
          { key: "since", label: "Since", kind: "tight", render: (row) => <Ago at={row.since} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (row) => (
              <Group gap={0} wrap="nowrap" justify="flex-end">
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`${row.owner ? "Remove owner" : "Make owner"}: ${row.username}`}
                  onClick={() => own.mutate(row.owner ? null : of(row))}
                >
                  {row.owner ? "Remove owner" : "Make owner"}
                </Button>
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Unbind ${row.username}`}
                  onClick={() => change.mutate({ op: "remove", user: of(row) })}
                >
                  Unbind
                </Button>
              </Group>
            ),
          },
        ]}
      />
    </div>
  );
}
