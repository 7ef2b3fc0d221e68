import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { PeopleImportGroup } from "../../api/types.ts";
import { userCountQuery } from "../../api/users.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button } from "../../ui/controls.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { download } from "../../ui/download.ts";
import { Note } from "../../ui/Note.tsx";
import type { Job } from "./parts.ts";
import { Rows } from "./Rows.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { StageHead } from "./StageHead.tsx";
import type { Run } from "./useRun.ts";
import { concerns, people, resultsCsv } from "./words.ts";

interface PreviewProps {
  job: Job;
  run: Run;
  onBack: () => void;
  onImport: () => void;
}

/** What an import would do. */
export function Preview({ job, run, onBack, onImport }: PreviewProps) {
  const { api } = useOrg();
  const confirm = useConfirm();
  const total = useQuery(userCountQuery(api, {}));
  const { tally } = run;
  const complete = run.phase === "done";
  const count = tally.counts.created + tally.counts.updated;
  const label = complete ? `Import ${people(count)}` : "Import";
  const go = async () => {
    const lines = concerns(tally, total.data);
    const sure =
      lines.length === 0 || (await confirm({ title: `${label}?`, body: <Concerns lines={lines} />, confirm: label }));
    if (sure) onImport();
  };
  return (
    <>
      <StageHead title="Preview" text={`What importing ${job.table.name} would do. Nothing is changed yet.`}>
        <Button variant="default" size="xs" onClick={onBack}>
          Back to the columns
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={!complete}
          onClick={() => download("import-preview.csv", resultsCsv(job, tally.taken, true))}
        >
          Download as CSV
        </Button>
        <Button size="xs" disabled={!complete || count === 0 || total.isPending} onClick={() => void go()}>
          {label}
        </Button>
      </StageHead>
      <RunProgress run={run} label="Preview" stop="Cancel" stopped="The preview was cancelled before its end." />
      {complete && count === 0 && <Note tone="info">Nothing would change: no row makes a person or changes one.</Note>}
      <Rows job={job} tally={tally} planned complete={complete}>
        {complete && <Groups groups={tally.groups} />}
      </Rows>
    </>
  );
}

function Concerns({ lines }: { lines: string[] }) {
  return (
    <ul className="import-concerns">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Groups that are shown before all are asked for. */
const SHOWN = 6;

/** The groups that people would come into or leave. */
function Groups({ groups }: { groups: PeopleImportGroup[] }) {
  const { org } = useOrg();
  const [all, setAll] = useState(false);
  if (groups.length === 0) return <p className="import-none">Nobody would join or leave a group.</p>;
  const columns: Column<PeopleImportGroup>[] = [
    {
      key: "name",
      label: "Group",
      kind: "lead",
      render: (group) => (
        <Link
          className="table__main cut"
          to="/console/$slug/user-groups/$groupId"
          params={{ slug: org.slug, groupId: group.id }}
          target="_blank"
        >
          {group.name}
        </Link>
      ),
    },
    { key: "joins", label: "Would join", kind: "num", render: (group) => group.joins.toLocaleString() },
    { key: "leaves", label: "Would leave", kind: "num", render: (group) => group.leaves.toLocaleString() },
  ];
  return (
    <section className="import-groups" aria-labelledby="import-groups">
      <h3 id="import-groups">Groups</h3>
      <DataTable
        label="Groups that change"
        rows={all ? groups : groups.slice(0, SHOWN)}
        id={(group) => group.id}
        columns={columns}
      />
      {!all && groups.length > SHOWN && (
        <Button variant="subtle" size="xs" mt={6} onClick={() => setAll(true)}>
          Show all {groups.length.toLocaleString()} groups
        </Button>
      )}
    </section>
  );
}
