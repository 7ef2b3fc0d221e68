import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { changeDeviceUser, devicesOfUserQuery, type EdgeOp } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { DeviceOfUser, User } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { DevicePicker } from "./DevicePicker.tsx";
import { osName } from "./words.tsx";

/** The devices that a person owns or has an account on. */
export function UserDevices({ user }: { user: User }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const devices = useQuery(devicesOfUserQuery(api, user._id));
  const change = useMutation({
    mutationFn: ({ op, device }: { op: EdgeOp; device: { id: string; name: string } }) =>
      changeDeviceUser(api, device.id, op, user._id),
    onSuccess: (_, { op, device }) => {
      for (const kind of ["device", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      const name = user.username;
      done(op === "add" ? `${name} is bound to ${device.name} now.` : `${name} is no longer bound to ${device.name}.`);
    },
    onError: failed,
  });
  return (
    <div className="tab-body">
      <div className="tools">
        <div style={{ width: 320, maxWidth: "100%" }}>
          <DevicePicker
            label="Bind a device"
            without={devices.data?.filter((row) => row.bound).map((row) => row.id) ?? []}
            onPick={(device) => change.mutate({ op: "add", device })}
          />
        </div>
      </div>
      <Failure error={devices.error} retry={() => void devices.refetch()} />
      <DataTable<DeviceOfUser>
        label="Devices of this user"
        expected={3}
        rows={devices.data}
        id={(row) => row.id}
        empty="No device yet. Bind one here, or import devices with this person as owner."
        columns={[
          {
            key: "name",
            label: "Device",
            kind: "lead",
            render: (row) => (
              <Link
                className="table__main"
                to="/console/$slug/devices/$deviceId"
                params={{ slug: org.slug, deviceId: row.id }}
              >
                {row.displayName}
                <span className="table__sub">{osName(row)}</span>
              </Link>
            ),
          },
          {
            key: "owner",
            label: "Owner",
            kind: "tight",
            render: (row) => row.owner && <Status tone="ok">Owner</Status>,
          },
          {
            key: "account",
            label: "Account",
            kind: "tight",
            render: (row) => {
              if (!row.bound) return <Status tone="muted">None</Status>;
              return <Status tone="ok">{row.sudo.enabled ? "With sudo" : "Standard"}</Status>;
            },
          },
          { key: "since", label: "Since", kind: "tight", render: (row) => row.since && <Ago at={row.since} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (row) =>
              row.bound && (
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Unbind ${row.displayName}`}
                  onClick={() => change.mutate({ op: "remove", device: { id: row.id, name: row.displayName } })}
                >
                  Unbind
                </Button>
              ),
          },
        ]}
      />
    </div>
  );
}
