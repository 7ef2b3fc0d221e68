import { Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { nextScheduledQuery, scheduleStates } from "../../api/scheduledStates.ts";
import type { User } from "../../api/types.ts";
import { Button, Checkbox, TextInput } from "../../ui/controls.tsx";
import { useLeft } from "../../ui/leave.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { exact, relative } from "../../ui/time.tsx";
import { already, asked, type Future, futures, listed } from "./scheduledWords.ts";
import { dayOf, momentOf, problemsOfWhen, tomorrow, zoneAt } from "./scheduleTime.ts";
import { userName } from "./status.tsx";

interface ScheduleDialogProps {
  users: User[];
  state: Future;
  opened: boolean;
  onClose: () => void;
  onScheduled?: () => void;
}

const counted = (count: number): string => (count === 1 ? "1 user" : `${count} users`);

/** Asks when people are to be let in or kept out. */
export function ScheduleDialog({ users, state, opened, onClose, onScheduled }: ScheduleDialogProps) {
  const { noun, action } = futures[state];
  const whom = users.length === 1 && users[0] ? userName(users[0]) : counted(users.length);
  return (
    <Modal opened={opened} onClose={onClose} title={`${action} of ${whom}`} size="lg">
      <Form
        users={users}
        state={state}
        onClose={onClose}
        onScheduled={(at) => {
          done(`${noun} of ${whom} scheduled for ${exact(at)}.`);
          onClose();
          onScheduled?.();
        }}
      />
    </Modal>
  );
}

interface FormProps {
  users: User[];
  state: Future;
  onClose: () => void;
  onScheduled: (at: Date) => void;
}

function Form({ users, state, onClose, onScheduled }: FormProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const [when, setWhen] = useState(() => tomorrow(new Date()));
  const [mail, setMail] = useState(true);
  const [tried, setTried] = useState(false);
  const left = useLeft();
  const ids = users.map((user) => user._id);
  const others = useQuery(nextScheduledQuery(api, ids));
  const save = useMutation({
    mutationFn: (at: Date) => {
      const body = { user_ids: ids, state, start_date: at.toISOString() };
      return scheduleStates(api, state === "ACTIVATED" ? { ...body, send_activation_emails: mail } : body);
    },
    onSuccess: (_, at) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "scheduled"] });
      onScheduled(at);
    },
  });
  const problems = problemsOfWhen(when, new Date());
  const at = momentOf(when);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (at && Object.keys(problemsOfWhen(when, new Date())).length === 0) save.mutate(at);
  };
  const shown = (name: "day" | "time") => (tried || left.has(name) ? problems[name] : undefined);
  const same = (others.data ?? []).filter((one) => one.state === state);
  const late = asked(users);
  return (
    <form noValidate onSubmit={submit}>
      <Failure error={save.error} known={["start_date"]} />
      <Stack gap={14}>
        <Group align="flex-start" gap={12} grow>
          <TextInput
            className="m-required"
            type="date"
            label="Day"
            data-autofocus
            value={when.day}
            min={dayOf(new Date())}
            error={shown("day") ?? fieldError(save.error, "start_date")}
            onBlur={() => left.leave("day")}
            onChange={(event) => setWhen({ ...when, day: event.currentTarget.value })}
          />
          <TextInput
            className="m-required"
            type="time"
            label="Time"
            value={when.time}
            error={shown("time")}
            onBlur={() => left.leave("time")}
            onChange={(event) => setWhen({ ...when, time: event.currentTarget.value })}
          />
        </Group>
        <Text size="sm" c="dimmed">
          In your time zone: {zoneAt(at ?? new Date())}
        </Text>
        <Note tone={state === "SUSPENDED" ? "warn" : "info"}>
          <Consequences users={users} state={state} at={Object.keys(problems).length === 0 ? at : undefined} />
        </Note>
        {same.length > 0 && (
          <Text size="sm">
            {same.length === 1 ? "For 1 of them" : `For ${same.length} of them`} {futures[state].noun.toLowerCase()} is
            scheduled already; the next is on {exact(new Date(same[0]?.scheduledDate ?? ""))}. This one comes besides.
          </Text>
        )}
        {state === "ACTIVATED" && late.length > 0 && (
          <Checkbox
            label="Send activation e-mails"
            description={`${listed(late.map(userName))} ${late.length === 1 ? "has" : "have"} no password yet, and would get a link to choose one at that time.`}
            checked={mail}
            onChange={(event) => setMail(event.currentTarget.checked)}
          />
        )}
      </Stack>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} color={state === "SUSPENDED" ? "red.8" : undefined}>
          {futures[state].action}
        </Button>
      </Group>
    </form>
  );
}

/** What happens to whom then. */
function Consequences({ users, state, at }: { users: User[]; state: Future; at: Date | undefined }) {
  const one = users.length === 1;
  const names = listed(users.map(userName));
  const they = one ? `${names} ` : `${counted(users.length)} (${names}) `;
  const idle = already(users, state);
  const now = new Date();
  return (
    <>
      <div>
        {at ? `On ${exact(at)} (${relative(at, now)}) ` : "Then "}
        {they}
        {state === "SUSPENDED"
          ? "can no longer sign in, and open sessions end. Accounts that applications were given are deactivated, each as its application says. Nothing is deleted."
          : `can sign in, and ${one ? "gets" : "get"} the accounts that their groups give.`}
      </div>
      {idle.length > 0 && (
        <div>
          {listed(idle.map(userName))} {idle.length === 1 ? "is" : "are"}{" "}
          {state === "SUSPENDED" ? "suspended" : "activated"} now: it matters only if that changes before.
        </div>
      )}
    </>
  );
}
