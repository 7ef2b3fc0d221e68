import { Text } from "@mantine/core";
import {
  IconCalendarClock,
  IconClockX,
  IconKey,
  IconLockOpen,
  IconLogout,
  IconMailForward,
  IconPlayerPause,
  IconPlayerPlay,
  IconRotate,
  IconTrash,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { SentLink, User } from "../../api/types.ts";
import * as users from "../../api/users.ts";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Menu } from "../../ui/controls.tsx";
import { done, failed } from "../../ui/notify.ts";
import { holdings, leftDevices, reports } from "./consequences.ts";
import type { Link } from "./LinkDialog.tsx";
import { type Future, futures } from "./scheduledWords.ts";
import { passwordIsOurs, userName } from "./status.tsx";

const LinkDialog = lazy(() => import("./LinkDialog.tsx").then((module) => ({ default: module.LinkDialog })));
const ScheduleDialog = lazy(() =>
  import("./ScheduleDialog.tsx").then((module) => ({ default: module.ScheduleDialog })),
);
const SetPassword = lazy(() => import("./SetPassword.tsx").then((module) => ({ default: module.SetPassword })));

interface UserMenuProps {
  user: User;
  /** A button with a word instead of dots. */
  labelled?: boolean;
  onDeleted?: () => void;
}

/** Everything an administrator can do to one person. */
export function UserMenu({ user, labelled, onDeleted }: UserMenuProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [settingPassword, setSettingPassword] = useState(false);
  const [link, setLink] = useState<Link | null>(null);
  const [scheduling, setScheduling] = useState(false);
  const [wanted, setWanted] = useState(false);
  if ((settingPassword || link || scheduling) && !wanted) setWanted(true);
  const name = userName(user);
  const ours = passwordIsOurs(user);
  const future: Future = user.state === "ACTIVATED" ? "SUSPENDED" : "ACTIVATED";

  const refresh = () => {
    void client.invalidateQueries({ queryKey: [api.orgId, "users"] });
    void client.invalidateQueries({ queryKey: [api.orgId, "user", user._id] });
  };
  const act = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work();
      refresh();
      done(said);
    } catch (error) {
      failed(error);
    }
  };
  const send = async (kind: Link["kind"], work: () => Promise<SentLink>) => {
    try {
      const answer = await work();
      refresh();
      if (answer.link) setLink({ kind, url: answer.link, email: user.email });
      else done(`Sent to ${user.email}.`);
    } catch (error) {
      failed(error);
    }
  };
  const activate = async () => {
    try {
      const answer = await users.activateUser(api, user._id);
      refresh();
      if (answer?.activationLink) setLink({ kind: "activation", url: answer.activationLink, email: user.email });
      else done(`${name} is activated.`);
    } catch (error) {
      failed(error);
    }
  };
  const suspend = async () => {
    const held = await holdings(client, api, user._id);
    const body = held
      ? `${name} can no longer sign in, and loses ${held} until activated again. Nothing is deleted.`
      : `${name} can no longer sign in until activated again. Nothing is deleted.`;
    if (!(await confirm({ title: `Suspend ${name}?`, body, confirm: "Suspend", danger: true }))) return;
    await act(() => users.suspendUser(api, user._id), `${name} is suspended.`);
  };
  const endSessions = async () => {
    const open = (await client.fetchQuery(users.userSessionsQuery(api, user._id)).catch(() => [])).length;
    const body = `${name} is signed out of ${open === 1 ? "1 session" : `${open} sessions`} and has to sign in again.`;
    if (!(await confirm({ title: `End the sessions of ${name}?`, body, confirm: "End sessions", danger: true })))
      return;
    await act(() => users.endSessions(api, user._id), `All sessions of ${name} have ended.`);
  };
  const expire = async () => {
    const body = `${name} has to choose a new password at the next sign-in.`;
    if (!(await confirm({ title: `Expire the password of ${name}?`, body, confirm: "Expire password" }))) return;
    await act(() => users.expirePassword(api, user._id), `The password of ${name} has expired.`);
  };
  const remove = async () => {
    const [held, led, left] = await Promise.all([
      holdings(client, api, user._id),
      reports(client, api, user._id),
      leftDevices(client, api, user._id),
    ]);
    const body = (
      <>
        <Text>
          {name} ({user.email}) is deleted for good{held && `, with ${held}`}. This cannot be undone; suspending can.
        </Text>
        {led && <Text mt={8}>{led}</Text>}
        {left && <Text mt={8}>{left}</Text>}
      </>
    );
    if (!(await confirm({ title: `Delete ${name}?`, body, confirm: "Delete user", danger: true }))) return;
    try {
      await users.deleteUser(api, user._id);
      void client.invalidateQueries({ queryKey: [api.orgId, "users"] });
      for (const kind of ["group", "device", "devices"]) {
        void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      }
      done(`${name} is deleted.`);
      onDeleted?.();
    } catch (error) {
      failed(error);
    }
  };
  const elsewhere = ours ? undefined : "Their password is managed by an external identity provider";
  return (
    <>
      <ActionsMenu width={240} rowOf={labelled ? undefined : name}>
        {user.account_locked && (
          <Menu.Item
            leftSection={<IconLockOpen size={16} aria-hidden />}
            onClick={() => void act(() => users.unlockUser(api, user._id), `${name} is unlocked.`)}
          >
            Unlock
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          disabled={!ours}
          title={elsewhere}
          onClick={() => setSettingPassword(true)}
        >
          Set password
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRotate size={16} aria-hidden />}
          disabled={!ours}
          title={elsewhere}
          onClick={() => void send("reset", () => users.sendReset(api, user._id))}
        >
          Send password reset
        </Menu.Item>
        <Menu.Item
          leftSection={<IconClockX size={16} aria-hidden />}
          disabled={!ours || !user.activated}
          title={elsewhere}
          onClick={() => void expire()}
        >
          Expire password
        </Menu.Item>
        {ours && !user.activated && (
          <Menu.Item
            leftSection={<IconMailForward size={16} aria-hidden />}
            onClick={() => void send("activation", () => users.sendActivation(api, user._id))}
          >
            Resend activation
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void endSessions()}>
          End sessions
        </Menu.Item>
        <Menu.Divider />
        {user.state === "ACTIVATED" ? (
          <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void suspend()}>
            Suspend
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => void activate()}>
            Activate
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCalendarClock size={16} aria-hidden />} onClick={() => setScheduling(true)}>
          {futures[future].action}
        </Menu.Item>
        <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
          Delete
        </Menu.Item>
      </ActionsMenu>
      {wanted && (
        <Suspense>
          <SetPassword
            user={user}
            opened={settingPassword}
            onClose={() => setSettingPassword(false)}
            onSaved={refresh}
          />
          <ScheduleDialog users={[user]} state={future} opened={scheduling} onClose={() => setScheduling(false)} />
          <LinkDialog link={link} onClose={() => setLink(null)} />
        </Suspense>
      )}
    </>
  );
}
