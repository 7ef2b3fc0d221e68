import { IconPlayerPause, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { applicationName, deleteApplication, kindOf, updateApplication, writeOf } from "../../api/applications.ts";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application } from "../../api/types.ts";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Menu } from "../../ui/controls.tsx";
import { done, failed } from "../../ui/notify.ts";

interface ApplicationMenuProps {
  application: Application;
  groups: string[];
  onDeleted: () => void;
}

export function ApplicationMenu({ application, groups, onDeleted }: ApplicationMenuProps) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const name = applicationName(application);
  const accountsOnly = kindOf(application) === "scim";
  const whom = async () => {
    const all = await client.fetchQuery(allGroupsQuery(api)).catch(() => []);
    const people = all.filter((one) => groups.includes(one.id)).reduce((sum, one) => sum + (one.memberCount ?? 0), 0);
    const through = groups.length === 1 ? "1 user group" : `${groups.length} user groups`;
    return groups.length === 0
      ? "No user group is bound to it."
      : `${people} people in ${through} can no longer open it.`;
  };
  const run = async (work: () => Promise<unknown>, said: string): Promise<boolean> => {
    try {
      await work();
      await client.invalidateQueries({ queryKey: [api.orgId] });
      done(said);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  };
  const deactivate = async () => {
    const body = `${await whom()} Its settings stay, and it can be activated again.`;
    if (!(await confirm({ title: `Deactivate ${name}?`, body, confirm: "Deactivate", danger: true }))) return;
    await run(
      () => updateApplication(api, application._id, { ...writeOf(application), active: false }),
      `${name} is no longer active.`,
    );
  };
  const remove = async () => {
    const body = accountsOnly
      ? "The accounts that were sent to it stay there, and nothing here follows them any more. Its settings and secrets are gone for good."
      : `${await whom()} Its settings, keys and secrets are gone for good.`;
    if (!(await confirm({ title: `Delete ${name}?`, body, confirm: "Delete application", danger: true }))) return;
    onDeleted();
    try {
      await deleteApplication(api, application._id);
      done(`${name} is deleted.`);
      await navigate({ to: "/console/$slug/sso-applications", params: { slug: org.slug } });
      void client.invalidateQueries({ queryKey: [api.orgId] });
    } catch (error) {
      failed(error);
    }
  };
  return (
    <ActionsMenu>
      {application.active && !accountsOnly && (
        <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void deactivate()}>
          Deactivate
        </Menu.Item>
      )}
      <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
        Delete
      </Menu.Item>
    </ActionsMenu>
  );
}
