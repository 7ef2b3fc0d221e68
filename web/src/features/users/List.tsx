import { IconCalendarClock, IconColumns3, IconFileImport, IconPlus, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useOrg, useReadOnly } from "../../api/org.tsx";
import { nextScheduledQuery, waitingCountQuery } from "../../api/scheduledStates.ts";
import type { ScheduledState, User } from "../../api/types.ts";
import { passwordStatuses, USERS_PER_PAGE, usersQuery } from "../../api/users.ts";
import { Button, Menu } from "../../ui/controls.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { ExpressionChip } from "../../ui/ExpressionChip.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Ago, exact } from "../../ui/time.tsx";
import { ExpressionFilter } from "../groups/ExpressionFilter.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { futureOf } from "./scheduledWords.ts";
import { PasswordStatusBadge, StateBadge, userName } from "./status.tsx";
import { UserMenu } from "./UserMenu.tsx";

const route = getRouteApi("/console/$slug/users");
const COLUMNS = "muster-user-columns";

const optional: Column<User>[] = [
  { key: "username", label: "Username", render: (user) => <span className="cut">{user.username}</span> },
  {
    key: "department",
    label: "Department",
    render: (user) => user.department && <span className="cut">{user.department}</span>,
  },
  {
    key: "jobTitle",
    label: "Job Title",
    render: (user) => user.jobTitle && <span className="cut">{user.jobTitle}</span>,
  },
  { key: "employeeIdentifier", label: "Employee ID", render: (user) => user.employeeIdentifier },
  { key: "created", label: "Created", render: (user) => <Ago at={user.created} />, kind: "tight" },
];

function storedColumns(): string[] {
  const stored = localStorage.getItem(COLUMNS);
  return stored === null ? ["username", "department"] : stored.split(",");
}

export function UserList() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/users" });
  const [selected, setSelected] = useState(new Set<string>());
  const [writing, setWriting] = useState(Boolean(search.expression));
  const [shown, setShown] = useState(storedColumns);
  const users = useQuery(usersQuery(api, search));
  const scheduled = useQuery(nextScheduledQuery(api, users.data?.results.map((user) => user._id) ?? []));
  const waiting = useQuery(waitingCountQuery(api));
  const filtered = Boolean(search.search || search.state || search.status || search.expression);
  const change = useCallback(
    (patch: Partial<typeof search>) => {
      setSelected(new Set());
      void navigate({ search: (before) => ({ ...before, page: undefined, ...patch }), replace: true });
    },
    [navigate],
  );
  const onSearch = useCallback((text: string) => change({ search: text || undefined }), [change]);
  const add = () => void navigate({ to: "/console/$slug/users/new", params: { slug: org.slug } });
  const showColumn = (key: string) => {
    const next = shown.includes(key) ? shown.filter((one) => one !== key) : [...shown, key];
    localStorage.setItem(COLUMNS, next.join(","));
    setShown(next);
  };
  const columns: Column<User>[] = [
    {
      key: "name",
      label: "Name",
      kind: "lead",
      render: (user) => (
        <Link className="table__main" to="/console/$slug/users/$userId" params={{ slug: org.slug, userId: user._id }}>
          <span className="cut">{userName(user)}</span>
          <span className="table__sub cut">{user.email}</span>
        </Link>
      ),
    },
    ...optional.filter((column) => shown.includes(column.key)),
    {
      key: "state",
      label: "State",
      kind: "tight",
      render: (user) => (
        <span>
          <StateBadge state={user.state} />
          <Next one={scheduled.data?.find((one) => one.systemUserId === user._id)} />
        </span>
      ),
    },
    {
      key: "passwordStatus",
      label: "Password Status",
      kind: "tight",
      render: (user) => <PasswordStatusBadge status={user.passwordStatus} />,
    },
    { key: "actions", label: "Actions", kind: "tail", render: (user) => <UserMenu user={user} /> },
  ];
  const none = users.data?.totalCount === 0;
  const importLink = !useReadOnly() && (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/console/$slug/imports" params={{ slug: org.slug }} {...props} />}
    >
      Import people
    </Button>
  );
  return (
    <Page
      title="Users"
      count={users.data?.totalCount}
      actions={
        <>
          {importLink}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            Add user
          </Button>
        </>
      }
    >
      {none && !filtered ? (
        <Empty
          icon={<IconUserPlus size={24} />}
          title="No users yet"
          text="Add the people of your organization. Each gets a link to choose a password, or signs in through an identity provider."
          action={<Button onClick={add}>Add the first user</Button>}
        />
      ) : (
        <>
          <div className="tools">
            <SearchField label="Search users" value={search.search ?? ""} onChange={onSearch} delay_ms={200} />
            <FilterChip
              label="State"
              value={search.state}
              choices={[
                { value: "ACTIVATED", label: "Activated" },
                { value: "STAGED", label: "Staged" },
                { value: "SUSPENDED", label: "Suspended" },
              ]}
              onChange={(state) => change({ state })}
            />
            <FilterChip
              label="Password Status"
              value={search.status}
              choices={passwordStatuses.map((value) => ({ value, label: value }))}
              onChange={(status) => change({ status })}
            />
            <ExpressionChip value={search.expression} open={writing} onToggle={() => setWriting(!writing)} />
            <div style={{ flex: 1 }} />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              leftSection={<IconCalendarClock size={16} aria-hidden />}
              renderRoot={(props) => (
                <Link to="/console/$slug/users/scheduled" params={{ slug: org.slug }} {...props} />
              )}
            >
              {waiting.data ? `Scheduled (${waiting.data.toLocaleString()})` : "Scheduled"}
            </Button>
            <Menu>
              <Menu.Target>
                <Button
                  reads
                  variant="subtle"
                  color="gray"
                  size="xs"
                  leftSection={<IconColumns3 size={16} aria-hidden />}
                >
                  Columns
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {optional.map((column) => (
                  <Menu.CheckboxItem
                    key={column.key}
                    checked={shown.includes(column.key)}
                    onChange={() => showColumn(column.key)}
                  >
                    {column.label}
                  </Menu.CheckboxItem>
                ))}
              </Menu.Dropdown>
            </Menu>
          </div>
          {writing && (
            <ExpressionFilter
              kind="user"
              value={search.expression}
              error={fieldError(users.error, "expression")}
              onChange={(expression) => change({ expression })}
              onClose={() => setWriting(false)}
            />
          )}
          <Failure error={users.error} known={writing ? ["expression"] : []} retry={() => void users.refetch()} />
          <BulkBar
            users={users.data?.results.filter((user) => selected.has(user._id)) ?? []}
            onDone={() => setSelected(new Set())}
          />
          <DataTable
            label="Users"
            columns={columns}
            rows={users.data?.results}
            id={(user) => user._id}
            name={userName}
            open={(user) =>
              void navigate({
                to: "/console/$slug/users/$userId",
                params: { slug: org.slug, userId: user._id },
                search: {},
              })
            }
            selected={selected}
            onSelect={setSelected}
            empty="No user matches. Clear the search or a filter to see more."
          />
          <Pager
            page={search.page ?? 0}
            size={USERS_PER_PAGE}
            total={users.data?.totalCount}
            onPage={(page) => change({ page: page || undefined })}
          />
        </>
      )}
    </Page>
  );
}

/** What waits for a person, under their state. */
function Next({ one }: { one: ScheduledState | undefined }) {
  if (!one) return null;
  const at = new Date(one.scheduledDate);
  return (
    <span className="table__sub" title={exact(at)}>
      {futureOf(one).noun}: {at.toLocaleDateString(undefined, { dateStyle: "medium" })}
    </span>
  );
}
