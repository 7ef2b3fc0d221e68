import { Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { decideMigrated, migrationReport, migrationResultsQuery, RESULTS_PER_PAGE } from "../../api/migrations.ts";
import { useOrg } from "../../api/org.tsx";
import type { Migration, MigrationItem, MigrationOutcome } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Decide } from "../../ui/Decide.tsx";
import { download } from "../../ui/download.ts";
import { Failure } from "../../ui/Note.tsx";
import { failed } from "../../ui/notify.ts";
import { SearchField } from "../../ui/SearchField.tsx";
import { kindWords } from "./migrationWords.ts";

interface MigrationItemsProps {
  job: Migration;
  outcome: MigrationOutcome;
  count: number;
  readOnly: boolean;
}

/** What can be left there; what belongs to it stays with it. */
const deciding: ReadonlySet<MigrationItem["kind"]> = new Set([
  "user",
  "system",
  "user_group",
  "system_group",
  "application",
]);
const leavable: ReadonlySet<MigrationOutcome> = new Set(["created", "updated", "linked", "kept", "refused"]);

/** All objects with one outcome: searched, page by page, and as a file. */
export function MigrationItems({ job, outcome, count, readOnly }: MigrationItemsProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  // Where each page before begins, and this one.
  const [places, setPlaces] = useState([0]);
  const after = places.at(-1) ?? 0;
  const items = useQuery(migrationResultsQuery(api, job.id, job.state, { outcome, search, after }));
  const save = useMutation({
    mutationFn: () => migrationReport(api, job.id, outcome),
    onSuccess: (blob) => download(`migration-${outcome}.csv`, blob),
    onError: failed,
  });
  const decide = useMutation({
    mutationFn: ({ seq, leave }: { seq: number; leave: boolean }) => decideMigrated(api, job.id, seq, leave),
    onSuccess: () => client.invalidateQueries({ queryKey: [api.orgId, "migration", job.id] }),
    onError: failed,
  });
  const canDecide = (one: MigrationItem) => !readOnly && job.state === "planned" && deciding.has(one.kind);
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPlaces([0]);
  }, []);
  const rows = items.data?.items;
  const before = (places.length - 1) * RESULTS_PER_PAGE;
  const next = () => {
    const last = rows?.at(-1);
    if (last) setPlaces([...places, last.seq]);
  };
  return (
    <div className="import-rows">
      <div className="tools">
        <SearchField label="Search objects" value={search} onChange={onSearch} delay_ms={200} />
        <Button
          reads
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Export CSV
        </Button>
      </div>
      <Failure error={items.error} retry={() => void items.refetch()} />
      {!items.error && (
        <DataTable<MigrationItem>
          label="Objects"
          rows={rows}
          expected={Math.min(count, 8)}
          id={(one) => String(one.seq)}
          columns={[
            { key: "name", label: "Object", kind: "lead", render: (one) => one.name || one.remoteId },
            { key: "kind", label: "Kind", kind: "tight", render: (one) => kindWords[one.kind] },
            { key: "more", label: "Details", render: (one) => <Details item={one} /> },
            {
              key: "decide",
              label: "Decision",
              kind: "tail",
              render: (one) => (
                <Decide
                  name={one.name || one.remoteId}
                  decided={canDecide(one) && one.outcome === "left"}
                  choices={
                    canDecide(one) && leavable.has(outcome) ? [{ label: "Leave it there", decision: "leave" }] : []
                  }
                  busy={decide.isPending}
                  onChoose={({ decision }) => decide.mutate({ seq: one.seq, leave: decision === "leave" })}
                />
              ),
            },
          ]}
          empty={search ? "No object matches." : "No object has this result."}
        />
      )}
      {rows && (places.length > 1 || items.data?.more) && (
        <Group justify="space-between" mt={12}>
          <span className="section__help" role="status">
            {`${(before + 1).toLocaleString()} to ${(before + rows.length).toLocaleString()}`}
            {search === "" && ` of ${count.toLocaleString()}`}
          </span>
          <Group gap={8}>
            <Button
              reads
              size="xs"
              variant="default"
              disabled={places.length === 1}
              onClick={() => setPlaces(places.slice(0, -1))}
            >
              Previous
            </Button>
            <Button reads size="xs" variant="default" disabled={!items.data?.more} onClick={next}>
              Next
            </Button>
          </Group>
        </Group>
      )}
    </div>
  );
}

function Details({ item }: { item: MigrationItem }) {
  const changed = Object.keys(item.changes);
  const lines = [
    changed.length > 0 ? `Changes: ${changed.join(", ")}` : "",
    item.kept.length > 0 ? `Kept as it is here: ${item.kept.join(", ")}` : "",
    item.reason,
  ].filter((line) => line !== "");
  return (
    <span className="import-lines">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  );
}
