import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Filter, isIncomplete, isOf, type Job, outcomes, type Taken, type Tally } from "./parts.ts";
import { changes, filterWord, filterWords, problems } from "./words.ts";

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

/**
 * How many rows have which outcome, and the rows; a count is pressed to see its rows alone. Those that are incomplete are
 * counted once more, where there are any.
 */
export function Rows({ job, tally, planned, complete, children }: RowsProps) {
  const [chosen, setChosen] = useState<Filter | null | undefined>();
  const [page, setPage] = useState(0);
  const counts: Record<Filter, number> = { ...tally.counts, incomplete: tally.incomplete };
  const filters: Filter[] = tally.incomplete > 0 ? [...outcomes, "incomplete"] : outcomes;
  // What is wrong stands first.
  const wrong = (["refused", "incomplete"] as const).find((one) => counts[one] > 0);
  const filter = chosen === undefined && complete && wrong ? wrong : (chosen ?? null);
  const shown = useMemo(
    () => [...tally.taken].filter((one) => filter === null || isOf(one, filter)).sort((a, b) => a.index - b.index),
    [tally, filter],
  );
  const choose = (one: Filter) => {
    setChosen(one === filter ? null : one);
    setPage(0);
  };
  return (
    <>
      <fieldset className="outcomes">
        <legend className="m-visually-hidden">Show only rows of one result</legend>
        {filters.map((one) => (
          <button
            key={one}
            type="button"
            className="outcomes__one"
            aria-pressed={one === filter}
            disabled={!complete || counts[one] === 0}
            onClick={() => choose(one)}
          >
            <span className="outcomes__count">{counts[one].toLocaleString()}</span>
            <Status tone={counts[one] === 0 ? "muted" : filterWords[one].tone}>{filterWord(one, planned)}</Status>
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
      render: (one) => <Details taken={one} />,
    },
    { key: "row", label: "Row", kind: "num", render: (one) => job.table.rows[one.index]?.number.toLocaleString() },
    {
      key: "outcome",
      label: "Result",
      kind: "tight",
      render: (one) => <Status tone={filterWords[one.outcome].tone}>{filterWord(one.outcome, planned)}</Status>,
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
  if (taken.id === null || taken.id === undefined) return <span className="table__main cut">{name}</span>;
  return (
    <Link
      className="table__main cut"
      to="/console/$slug/users/$userId"
      params={{ slug: org.slug, userId: taken.id }}
      target={planned ? "_blank" : undefined}
    >
      {name}
    </Link>
  );
}

/** What changes of a person, and what is wrong with the row; what is left out of one that is taken in is a warning. */
function Details({ taken }: { taken: Taken }) {
  const [changed, wrong] = [changes(taken), problems(taken)];
  if (changed.length + wrong.length === 0) return null;
  return (
    <span className="import-lines">
      {changed.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {wrong.map((line) => (
        <span key={line} className={isIncomplete(taken) ? "import-warning" : undefined}>
          {isIncomplete(taken) && <IconAlertTriangle size={14} aria-label="Warning" />}
          <span>{line}</span>
        </span>
      ))}
    </span>
  );
}
