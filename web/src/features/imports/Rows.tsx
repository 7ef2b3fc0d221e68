import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Job, type Outcome, outcomes, type Taken, type Tally } from "./parts.ts";
import { changes, outcomeWord, outcomeWords, problems } from "./words.ts";

const SIZE = 50;

interface RowsProps {
  job: Job;
  tally: Tally;
  /** Of a trial: nothing was kept. */
  planned: boolean;
  /** Whether all rows are there; before that only the counts are shown. */
  complete: boolean;
  /** Stands between the counts and the rows. */
  children?: ReactNode;
}

/** How many rows have which outcome, and the rows; a count is pressed to see its rows alone. */
export function Rows({ job, tally, planned, complete, children }: RowsProps) {
  const [chosen, setChosen] = useState<Outcome | null | undefined>();
  const [page, setPage] = useState(0);
  // What is wrong stands first.
  const outcome = chosen === undefined && complete && tally.counts.refused > 0 ? "refused" : (chosen ?? null);
  const shown = useMemo(
    () =>
      [...tally.taken].filter((one) => outcome === null || one.outcome === outcome).sort((a, b) => a.index - b.index),
    [tally, outcome],
  );
  const choose = (one: Outcome) => {
    setChosen(one === outcome ? null : one);
    setPage(0);
  };
  return (
    <>
      <fieldset className="outcomes">
        <legend className="m-visually-hidden">Show only rows of one result</legend>
        {outcomes.map((one) => (
          <button
            key={one}
            type="button"
            className="outcomes__one"
            aria-pressed={one === outcome}
            disabled={!complete || tally.counts[one] === 0}
            onClick={() => choose(one)}
          >
            <span className="outcomes__count">{tally.counts[one].toLocaleString()}</span>
            <Status tone={tally.counts[one] === 0 ? "muted" : outcomeWords[one].tone}>
              {outcomeWord(one, planned)}
            </Status>
          </button>
        ))}
      </fieldset>
      {children}
      {complete && (
        <>
          <RowTable job={job} rows={shown.slice(page * SIZE, (page + 1) * SIZE)} planned={planned} />
          <Pager page={page} size={SIZE} total={shown.length} onPage={setPage} />
        </>
      )}
    </>
  );
}

function RowTable({ job, rows, planned }: { job: Job; rows: Taken[]; planned: boolean }) {
  const columns: Column<Taken>[] = [
    { key: "person", label: "Person", kind: "lead", render: (one) => <Person taken={one} planned={planned} /> },
    {
      key: "what",
      label: "Details",
      render: (one) => {
        const lines = one.outcome === "refused" ? problems(one) : changes(one);
        return lines.length > 0 && <Lines lines={lines} />;
      },
    },
    { key: "row", label: "Row", kind: "num", render: (one) => job.table.rows[one.index]?.number.toLocaleString() },
    {
      key: "outcome",
      label: "Result",
      kind: "tight",
      render: (one) => <Status tone={outcomeWords[one.outcome].tone}>{outcomeWord(one.outcome, planned)}</Status>,
    },
  ];
  return (
    <div className="import-rows">
      <DataTable<Taken>
        label="Result per row"
        rows={rows}
        id={(one) => String(one.index)}
        columns={columns}
        empty="No row has this result."
      />
    </div>
  );
}

/** Whom a row is about; a link where they are there. */
function Person({ taken, planned }: { taken: Taken; planned: boolean }) {
  const { org } = useOrg();
  const name = taken.email || taken.line.username || "Nobody";
  const there = taken.id !== null && taken.id !== undefined && !(planned && taken.outcome === "refused");
  if (!there) return <span className="table__main cut">{name}</span>;
  return (
    <Link
      className="table__main cut"
      to="/console/$slug/users/$userId"
      params={{ slug: org.slug, userId: taken.id as string }}
      target={planned ? "_blank" : undefined}
    >
      {name}
    </Link>
  );
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <span className="import-lines">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  );
}
