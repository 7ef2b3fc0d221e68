import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import type { EndNotice, User } from "../../api/types.ts";
import { endedSessionsQuery } from "../../api/users.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { type NoticeRow, noticeRows } from "./endedSession.ts";

const states: Record<EndNotice["state"], { label: string; tone: "ok" | "waiting" | "warn" | "bad" }> = {
  delivered: { label: "Told", tone: "ok" },
  waiting: { label: "Being told", tone: "waiting" },
  retrying: { label: "Trying again", tone: "warn" },
  failed: { label: "Given up", tone: "bad" },
};

/** Whether the applications know that a person's sessions ended: shown where one had to be told. */
export function EndedSessions({ user }: { user: User }) {
  const { api } = useOrg();
  const ended = useQuery(endedSessionsQuery(api, user._id));
  const rows = ended.data && noticeRows(ended.data);
  if (!ended.error && (rows?.length ?? 0) === 0) return null;
  return (
    <>
      <Title order={2} mt={28} mb={4}>
        Ended sessions
      </Title>
      <p className="section__help" style={{ margin: "0 0 12px" }}>
        Applications that got a token in a session are told when it ends, again and again until they answer.
      </p>
      <Failure error={ended.error} retry={() => void ended.refetch()} />
      <DataTable<NoticeRow>
        label="Ended sessions"
        expected={1}
        rows={rows}
        id={(row) => row.key}
        columns={[
          {
            key: "application",
            label: "Application",
            kind: "lead",
            render: ({ notice }) => (
              <span>
                <strong style={{ fontWeight: 500 }}>{notice.application.name}</strong>
                {notice.error && <span className="table__sub">{notice.error}</span>}
              </span>
            ),
          },
          { key: "ended", label: "Session ended", kind: "tight", render: ({ endedAt }) => <Ago at={endedAt} /> },
          { key: "tries", label: "Tries", kind: "num", render: ({ notice }) => notice.attempts },
          {
            key: "next",
            label: "Next try",
            kind: "tight",
            render: ({ notice }) => notice.nextAttemptAt && <Ago at={notice.nextAttemptAt} />,
          },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: ({ notice }) => <Status tone={states[notice.state].tone}>{states[notice.state].label}</Status>,
          },
        ]}
      />
    </>
  );
}
