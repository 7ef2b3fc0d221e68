import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useOrg } from "../../../api/org.tsx";
import { OBJECTS_PER_PAGE, provisionObjectsQuery } from "../../../api/provision.ts";
import type { Application, ProvisionObject } from "../../../api/types.ts";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { FilterChip } from "../../../ui/FilterChip.tsx";
import { Failure, sentence } from "../../../ui/Note.tsx";
import { Pager } from "../../../ui/Pager.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import { Status } from "../../../ui/Status.tsx";
import { Ago } from "../../../ui/time.tsx";
import { ObjectName } from "./ObjectName.tsx";
import { Tape } from "./Tape.tsx";
import { objectStates, objectWords } from "./words.ts";

interface ObjectsProps {
  application: Application;
  active: boolean;
  state: string | undefined;
  onState: (state: string | undefined) => void;
}

/** Every account and group that we keep in the application. */
export function Objects({ application, active, state, onState }: ObjectsProps) {
  const { api } = useOrg();
  const [search, setSearch] = useState("");
  const [kind, setKind] = useState<string | undefined>();
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<ProvisionObject | null>(null);
  const objects = useQuery(provisionObjectsQuery(api, application._id, { state, kind, search, page }));
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPage(0);
  }, []);
  const filtered = Boolean(search || state || kind);
  const none = active
    ? "No account yet. The members of the user groups that are bound to the application appear here."
    : "No account yet. They appear here when Identity Management is active.";
  return (
    <section aria-label="Accounts">
      <div className="tools">
        <SearchField label="Search accounts and groups" value={search} onChange={onSearch} delay_ms={200} />
        <FilterChip
          label="State"
          value={state}
          choices={objectStates.map((value) => ({ value, label: objectWords[value].label }))}
          onChange={(next) => {
            onState(next);
            setPage(0);
          }}
        />
        <FilterChip
          label="Kind"
          value={kind}
          choices={[
            { value: "user", label: "Users" },
            { value: "group", label: "Groups" },
          ]}
          onChange={(next) => {
            setKind(next);
            setPage(0);
          }}
        />
      </div>
      <Failure error={objects.error} retry={() => void objects.refetch()} />
      <DataTable<ProvisionObject>
        label="Accounts and groups"
        expected={5}
        rows={objects.data?.items}
        id={(one) => `${one.kind} ${one.id}`}
        open={setOpened}
        empty={filtered ? "Nothing matches. Clear the search or the filters to see more." : none}
        columns={[
          {
            key: "name",
            label: "Name",
            kind: "lead",
            render: (one) => <ObjectName name={one.name} kind={one.kind} />,
          },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (one) => <Status tone={objectWords[one.state].tone}>{objectWords[one.state].label}</Status>,
          },
          {
            key: "error",
            label: "What it waits for",
            render: (one) =>
              one.lastError && one.state !== "in step" ? (
                <span className="identity__lines">
                  {sentence(one.lastError)}
                  {one.nextTry && (
                    <span className="table__sub">
                      Try {one.attempts + 1}: <Ago at={one.nextTry} />
                    </span>
                  )}
                </span>
              ) : null,
          },
          { key: "synced", label: "Last sent", kind: "tight", render: (one) => <Ago at={one.lastSyncedAt} /> },
          {
            key: "show",
            label: "Show",
            kind: "tail",
            render: (one) => (
              <Button
                reads
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`Show ${one.name}`}
                onClick={() => setOpened(one)}
              >
                Show
              </Button>
            ),
          },
        ]}
      />
      <Pager page={page} size={OBJECTS_PER_PAGE} total={objects.data?.total} onPage={setPage} />
      <Tape application={application} object={opened} onClose={() => setOpened(null)} />
    </section>
  );
}
