import { Group } from "@mantine/core";
import { IconCalendarClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { SCHEDULED_PER_PAGE, scheduledQuery } from "../../api/scheduledStates.ts";
import type { ScheduledState, ScheduledStatus } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button } from "../../ui/controls.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago, exact } from "../../ui/time.tsx";
import { futureOf } from "./scheduledWords.ts";
import { StateBadge, userName } from "./status.tsx";
import { useCancelScheduled } from "./useCancelScheduled.ts";

const route = getRouteApi("/console/$slug/users/scheduled");

const nameOf = (one: ScheduledState): string => (one.systemUser ? userName(one.systemUser) : one.systemUserId);

/** Everything that waits for its time, and what became of it. */
export function Scheduled() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/users/scheduled" });
  const confirm = useConfirm();
  const cancel = useCancelScheduled();
  const [selected, setSelected] = useState(new Set<string>());
  const status: ScheduledStatus = search.status ?? "pending";
  const waiting = status === "pending";
  const scheduled = useQuery(scheduledQuery(api, status, search.page));
  const chosen = scheduled.data?.items.filter((one) => selected.has(one.scheduledJobId)) ?? [];
  const change = (patch: Partial<typeof search>) => {
    setSelected(new Set());
    void navigate({ search: (before) => ({ ...before, page: undefined, ...patch }), replace: true });
  };
  const cancelChosen = async () => {
    const count = chosen.length === 1 ? "1 scheduled change" : `${chosen.length} scheduled changes`;
    const body = "Nobody's state changes then. What is cancelled can be scheduled again.";
    if (!(await confirm({ title: `Cancel ${count}?`, body, confirm: `Cancel ${count}`, danger: true }))) return;
    cancel.mutate(chosen, { onSettled: () => setSelected(new Set()) });
  };
  const columns: Column<ScheduledState>[] = [
    {
      key: "user",
      label: "User",
      kind: "lead",
      render: (one) => (
        <Link
          className="table__main"
          to="/console/$slug/users/$userId"
          params={{ slug: org.slug, userId: one.systemUserId }}
        >
          <span className="cut">{nameOf(one)}</span>
          <span className="table__sub cut">{one.systemUser?.email}</span>
        </Link>
      ),
    },
    {
      key: "change",
      label: "Change",
      render: (one) => <Status tone={futureOf(one).tone}>{futureOf(one).noun}</Status>,
    },
    {
      key: "when",
      label: "When",
      render: (one) => (
        <span>
          {exact(new Date(one.scheduledDate))}
          <span className="table__sub">
            <Ago at={one.scheduledDate} />
          </span>
        </span>
      ),
    },
    ...(status === "failed"
      ? [{ key: "why", label: "Why it failed", render: (one: ScheduledState) => one.statusMsg }]
      : []),
    {
      key: "state",
      label: "State now",
      kind: "tight",
      render: (one) => one.systemUser && <StateBadge state={one.systemUser.state} />,
    },
    ...(waiting
      ? [
          {
            key: "actions",
            label: "Actions",
            kind: "tail" as const,
            render: (one: ScheduledState) => (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                disabled={cancel.isPending}
                aria-label={`Cancel the ${futureOf(one).noun.toLowerCase()} of ${nameOf(one)}`}
                onClick={() => cancel.mutate([one])}
              >
                Cancel
              </Button>
            ),
          },
        ]
      : []),
  ];
  const total = scheduled.data?.total;
  return (
    <Page
      title="Scheduled changes"
      count={total}
      back={{ label: "Users", to: "/console/$slug/users", params: { slug: org.slug } }}
      under="Activations and suspensions that wait for their time. What was done, or failed, stays here for 30 days."
    >
      <div className="tools">
        <FilterChip
          label="Status"
          value={search.status}
          choices={[
            { value: "finished", label: "Done" },
            { value: "failed", label: "Failed" },
          ]}
          onChange={(value) => change({ status: value as ScheduledStatus | undefined })}
        />
      </div>
      <Failure error={scheduled.error} retry={() => void scheduled.refetch()} />
      {waiting && total === 0 ? (
        <Empty
          icon={<IconCalendarClock size={24} />}
          title="Nothing is scheduled"
          text="Choose people on the list of users, then Schedule Suspension or Schedule Activation: for somebody's last day, or their first."
          action={
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/console/$slug/users" params={{ slug: org.slug }} {...props} />}
            >
              Go to Users
            </Button>
          }
        />
      ) : (
        <>
          {chosen.length > 0 && (
            <section className="bulk" aria-label="Actions on the selected changes">
              <span className="bulk__count" aria-live="polite">
                {chosen.length} selected
              </span>
              <Group gap={6}>
                <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => void cancelChosen()}>
                  Cancel selected
                </Button>
                <Button reads size="xs" variant="subtle" color="gray" onClick={() => setSelected(new Set())}>
                  Clear
                </Button>
              </Group>
            </section>
          )}
          <DataTable
            label="Scheduled changes"
            columns={columns}
            rows={scheduled.data?.items}
            expected={3}
            id={(one) => one.scheduledJobId}
            name={(one) => `${futureOf(one).noun} of ${nameOf(one)}`}
            selected={waiting ? selected : undefined}
            onSelect={setSelected}
            empty={
              status === "failed" ? "Nothing failed in the last 30 days." : "Nothing was done in the last 30 days."
            }
          />
          <Pager
            page={search.page ?? 0}
            size={SCHEDULED_PER_PAGE}
            total={total}
            onPage={(page) => change({ page: page || undefined })}
          />
        </>
      )}
    </Page>
  );
}
