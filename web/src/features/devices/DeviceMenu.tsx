import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { deleteDevice, deviceUsersQuery } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { Device } from "../../api/types.ts";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Menu } from "../../ui/controls.tsx";
import { done, failed } from "../../ui/notify.ts";
import { deviceName } from "./words.tsx";

interface DeviceMenuProps {
  device: Device;
  /** A button with a word instead of dots. */
  labelled?: boolean;
  onDeleted?: () => void;
}

/** Everything an administrator can do to one device. */
export function DeviceMenu({ device, labelled, onDeleted }: DeviceMenuProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const name = deviceName(device);
  const remove = async () => {
    const users = (await client.fetchQuery(deviceUsersQuery(api, device._id)).catch(() => [])).length;
    const owner = device.primarySystemUser?.displayname;
    const body = (
      <>
        <p style={{ marginTop: 0 }}>The record of {name} is deleted for good. Nothing is done on the device itself.</p>
        {(users > 0 || owner) && (
          <ul>
            {users > 0 && <li>{users === 1 ? "1 person is" : `${users} people are`} no longer bound to it</li>}
            {owner && <li>{owner} no longer owns it</li>}
          </ul>
        )}
      </>
    );
    if (!(await confirm({ title: `Delete ${name}?`, body, confirm: "Delete device", danger: true }))) return;
    try {
      await deleteDevice(api, device._id);
      for (const kind of ["devices", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      done(`Device ${name} is deleted.`);
      onDeleted?.();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <ActionsMenu width={200} rowOf={labelled ? undefined : name}>
      <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
        Delete
      </Menu.Item>
    </ActionsMenu>
  );
}
