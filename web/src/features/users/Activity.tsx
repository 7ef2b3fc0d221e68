import { Drawer, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { applicationEvents } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { SignInEvent, User } from "../../api/types.ts";
import { type EventPage, userEvents } from "../../api/users.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { deviceName } from "../../ui/SessionTable.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { Trace } from "./Trace.tsx";

/** A person's sign-ins. */
export function UserActivity({ user }: { user: User }) {
  const { api } = useOrg();
  return <Activity of={["user", user._id]} page={(cursor) => userEvents(api, user._id, cursor)} />;
}

/** An application's sign-ins. */
export function ApplicationActivity({ id }: { id: string }) {
  const { api } = useOrg();
  return <Activity of={["application", id]} page={(cursor) => applicationEvents(api, id, cursor)} />;
}

interface ActivityProps {
  of: [string, string];
  page: (cursor: string | undefined) => Promise<EventPage>;
}

/** Sign-ins, each with the decisions that led to its end. */
function Activity({ of, page }: ActivityProps) {
  const { api } = useOrg();
  const [opened, setOpened] = useState<SignInEvent | null>(null);
  const [shown, setShown] = useState(false);
  const events = useInfiniteQuery({
    queryKey: [api.orgId, ...of, "events"],
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor || undefined,
  });
  const open = (event: SignInEvent) => {
    setOpened(event);
    setShown(true);
  };
  return (
    <div className="tab-body">
      <Failure error={events.error} retry={() => void events.refetch()} />
      <DataTable<SignInEvent>
        label="Sign-in events"
        expected={5}
        rows={events.data?.pages.flatMap((one) => one.results)}
        id={(event) => event.id}
        open={open}
        empty="Nothing yet. Sign-ins, also refused ones, appear here as they happen."
        columns={[
          {
            key: "summary",
            label: "What happened",
            kind: "lead",
            render: (event) => (
              <span>
                {event.summary}
                <span className="table__sub">
                  {deviceName(event.userAgent)} · {event.clientIp}
                </span>
              </span>
            ),
          },
          { key: "application", label: "Application", render: (event) => event.application?.name ?? "" },
          {
            key: "success",
            label: "Result",
            kind: "tight",
            render: (event) =>
              event.success ? <Status tone="ok">Succeeded</Status> : <Status tone="bad">Refused</Status>,
          },
          { key: "at", label: "When", kind: "tight", render: (event) => <Ago at={event.at} /> },
          {
            key: "why",
            label: "Why",
            kind: "tail",
            render: (event) => (
              <Button
                reads
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`Why: ${event.summary}`}
                onClick={() => open(event)}
              >
                Why
              </Button>
            ),
          },
        ]}
      />
      {events.hasNextPage && (
        <Group justify="center" mt={12}>
          <Button
            reads
            variant="default"
            loading={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            Show older
          </Button>
        </Group>
      )}
      <Drawer opened={shown} onClose={() => setShown(false)} position="right" size={460} title="Why this happened">
        {opened && <Trace event={opened} />}
      </Drawer>
    </div>
  );
}
