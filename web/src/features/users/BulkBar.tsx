import { Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { describeError } from "../../api/client.ts";
import { useOrg } from "../../api/org.tsx";
import type { User } from "../../api/types.ts";
import * as api from "../../api/users.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { type Future, futures } from "./scheduledWords.ts";
import { passwordIsOurs, userName } from "./status.tsx";

const ScheduleDialog = lazy(() =>
  import("./ScheduleDialog.tsx").then((module) => ({ default: module.ScheduleDialog })),
);

interface Bulk {
  label: string;
  title: (count: string) => string;
  body: string;
  danger?: boolean;
  fits: (user: User) => boolean;
  run: (user: User) => Promise<unknown>;
}

function counted(count: number): string {
  return count === 1 ? "1 user" : `${count} users`;
}

/** What can be done to the selected people at once. One that fails does not stop the others. */
export function BulkBar({ users, onDone }: { users: User[]; onDone: () => void }) {
  const org = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [busy, setBusy] = useState<string | null>(null);
  const [failures, setFailures] = useState<string[]>([]);
  const [scheduling, setScheduling] = useState<Future | null>(null);
  const actions: Bulk[] = [
    {
      label: "Activate",
      title: (count) => `Activate ${count}?`,
      body: "They can sign in once they have a password.",
      fits: (user) => user.state !== "ACTIVATED",
      run: (user) => api.activateUser(org.api, user._id),
    },
    {
      label: "Suspend",
      title: (count) => `Suspend ${count}?`,
      body: "They can no longer sign in, and their sessions end. Nothing is deleted.",
      danger: true,
      fits: (user) => user.state === "ACTIVATED",
      run: (user) => api.suspendUser(org.api, user._id),
    },
    {
      label: "Expire password",
      title: (count) => `Expire the password of ${count}?`,
      body: "They have to choose a new one at the next sign-in.",
      fits: (user) => user.activated && passwordIsOurs(user),
      run: (user) => api.expirePassword(org.api, user._id),
    },
    {
      label: "End sessions",
      title: (count) => `End the sessions of ${count}?`,
      body: "They have to sign in again everywhere.",
      fits: () => true,
      run: (user) => api.endSessions(org.api, user._id),
    },
    {
      label: "Delete",
      title: (count) => `Delete ${count}?`,
      body: "They are deleted for good, with their group memberships; whoever has one of them as manager has none then. This cannot be undone; suspending can.",
      danger: true,
      fits: () => true,
      run: (user) => api.deleteUser(org.api, user._id),
    },
  ];
  const start = async (bulk: Bulk) => {
    const fit = users.filter(bulk.fits);
    const skipped = users.length - fit.length;
    const body = skipped > 0 ? `${bulk.body} It does not apply to ${counted(skipped)} of the selected.` : bulk.body;
    const question = { title: bulk.title(counted(fit.length)), body, confirm: bulk.label, danger: bulk.danger };
    if (!(await confirm(question))) return;
    const bad: string[] = [];
    for (const [index, user] of fit.entries()) {
      setBusy(`${bulk.label}: ${index + 1} of ${fit.length}`);
      await bulk.run(user).catch((error) => bad.push(`${userName(user)}: ${describeError(error)}`));
    }
    setBusy(null);
    setFailures(bad);
    await client.invalidateQueries({ queryKey: [org.api.orgId, "users"] });
    if (bad.length < fit.length) done(`${bulk.label}: done for ${counted(fit.length - bad.length)}.`);
    onDone();
  };
  const button = (bulk: Bulk) => (
    <Button
      key={bulk.label}
      size="xs"
      variant="default"
      disabled={busy !== null || !users.some(bulk.fits)}
      onClick={() => void start(bulk)}
    >
      {bulk.label}
    </Button>
  );
  return (
    <>
      {failures.length > 0 && (
        <Note tone="bad">
          These did not work:
          <ul>
            {failures.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Note>
      )}
      {users.length > 0 && (
        <section className="bulk" aria-label="Actions on the selected users">
          <span className="bulk__count" aria-live="polite">
            {busy ?? `${users.length} selected`}
          </span>
          <Group gap={6}>
            {actions.slice(0, 2).map(button)}
            {(["SUSPENDED", "ACTIVATED"] as const).map((state) => (
              <Button
                key={state}
                size="xs"
                variant="default"
                disabled={busy !== null}
                onClick={() => setScheduling(state)}
              >
                {futures[state].action}
              </Button>
            ))}
            {actions.slice(2).map(button)}
            <Button size="xs" variant="subtle" color="gray" disabled={busy !== null} onClick={onDone}>
              Clear
            </Button>
          </Group>
        </section>
      )}
      {scheduling && users.length > 0 && (
        <Suspense>
          <ScheduleDialog
            opened
            users={users}
            state={scheduling}
            onClose={() => setScheduling(null)}
            onScheduled={onDone}
          />
        </Suspense>
      )}
    </>
  );
}
