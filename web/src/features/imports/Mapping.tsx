import { Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Button, Checkbox, TextInput } from "../../ui/controls.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Radio, Select } from "../../ui/fields/frequent.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, Note } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { FileChoice } from "./ChooseFile.tsx";
import {
  CUSTOM,
  choiceOf,
  choices,
  columnName,
  columnProblems,
  isNamed,
  type KnownBy,
  mappingProblem,
  type Target,
  targetOf,
} from "./columns.ts";
import { type Job, repeated } from "./parts.ts";
import { readTable, type Table } from "./table.ts";
import { rows } from "./words.ts";

interface MappingProps {
  job: Job;
  onTargets: (targets: Target[]) => void;
  onKnownBy: (knownBy: KnownBy) => void;
  onUpdate: (update: boolean) => void;
  onTable: (table: Table) => void;
  onNext: () => void;
}

/** What the columns of the file mean, and by what its people are known. */
export function Mapping({ job, onTargets, onKnownBy, onUpdate, onTable, onNext }: MappingProps) {
  const { table, targets, knownBy, update } = job;
  const read = useMutation({ mutationFn: readTable, onSuccess: onTable });
  const [asked, setAsked] = useState(false);
  const problems = columnProblems(table.columns, targets);
  const together = mappingProblem(targets, knownBy);
  const next = () => {
    setAsked(true);
    if (problems.some(Boolean) || together) focusFirstError();
    else onNext();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <div className="import-file">
        <span className="import-file__name">{table.name}</span>
        <span className="import-file__rows">{rows(table.rows.length)}</span>
        <FileChoice label="Choose another file" loading={read.isPending} onFile={read.mutate} />
      </div>
      <Failure error={read.error} />
      <Warnings job={job} />
      <Section
        title="Columns"
        help="What each column is. A cell that is empty clears what is there; a column that you do not import changes nothing."
        wide
      >
        <ColumnTable table={table} targets={targets} problems={problems} onTargets={onTargets} />
      </Section>
      <Section title="People" help="An ID column, where there is one, decides before both.">
        <Radio.Group
          label="Match people by"
          value={knownBy}
          onChange={(value) => onKnownBy(value as KnownBy)}
          error={asked && together && <span role="alert">{together}</span>}
        >
          <Group gap={20} mt={6} mb={4}>
            <Radio value="email" label="Company Email" />
            <Radio value="username" label="Username" />
          </Group>
        </Radio.Group>
        <Checkbox
          mt="md"
          label="Update people who are here already"
          description="They are passed over otherwise, and only new people are made."
          checked={update}
          onChange={(event) => onUpdate(event.currentTarget.checked)}
        />
      </Section>
      <div className="import-foot">
        <Button type="submit">Preview</Button>
        <span>Nothing is changed yet.</span>
      </div>
    </form>
  );
}

/** What looks wrong with the file as a whole. */
function Warnings({ job }: { job: Job }) {
  const { table } = job;
  const column = job.targets.indexOf(job.knownBy);
  const twice = useMemo(() => repeated(table, column), [table, column]);
  return (
    <>
      {table.legacy && (
        <Note tone="info">
          The file is not saved as UTF-8 and was read as Windows-1252. If letters look wrong, save it as “CSV UTF-8”.
        </Note>
      )}
      {table.tooWide !== undefined && (
        <Note tone="warn">
          Row {table.tooWide.toLocaleString()} has more cells than there are columns: perhaps a comma stands in a value
          without quotes. What is beyond the last column is not imported.
        </Note>
      )}
      {twice && (
        <Note tone="warn">
          {rows(twice.count)} {twice.count === 1 ? "is" : "are"} about a person of an earlier row, the first is row{" "}
          {twice.row.toLocaleString()}. The later row counts.
        </Note>
      )}
    </>
  );
}

/** How many rows of the file are shown. */
const SHOWN = 3;

interface ColumnTableProps {
  table: Table;
  targets: Target[];
  problems: (string | undefined)[];
  onTargets: (targets: Target[]) => void;
}

function ColumnTable({ table, targets, problems, onTargets }: ColumnTableProps) {
  const put = (index: number, target: Target) => onTargets(targets.map((one, at) => (at === index ? target : one)));
  const first = table.rows.slice(0, SHOWN);
  const columns: Column<number>[] = [
    {
      key: "column",
      label: "Column",
      kind: "lead",
      render: (index) => <strong className="cut">{columnName(table.columns, index)}</strong>,
    },
    ...first.map(
      (row, at): Column<number> => ({
        key: `row${at}`,
        label: `Row ${row.number}`,
        render: (index) => row.cells[index] && <span className="cut import-cell">{row.cells[index]}</span>,
      }),
    ),
    {
      key: "target",
      label: "Import as",
      render: (index) => (
        <TargetField
          column={columnName(table.columns, index)}
          target={targets[index] ?? null}
          problem={problems[index]}
          onChange={(target) => put(index, target)}
        />
      ),
    },
  ];
  return (
    <div className="import-columns">
      <DataTable<number>
        label="Columns of the file"
        rows={table.columns.map((_, index) => index)}
        id={String}
        columns={columns}
      />
    </div>
  );
}

interface TargetFieldProps {
  column: string;
  target: Target;
  problem: string | undefined;
  onChange: (target: Target) => void;
}

function TargetField({ column, target, problem, onChange }: TargetFieldProps) {
  const choice = choiceOf(target);
  const own = isNamed(choice);
  const what = choice === CUSTOM ? "Attribute Name" : "Kind of phone";
  return (
    <div className="import-target">
      <Select
        aria-label={`Import ${column} as`}
        data={choices}
        value={choice}
        onChange={(value) => onChange(targetOf(String(value ?? choiceOf(null)), column))}
        allowDeselect={false}
        searchable
        nothingFoundMessage="No such attribute"
        maxDropdownHeight={320}
        error={!own && problem}
        data-ignored={target === null || undefined}
      />
      {own && (
        <TextInput
          aria-label={`${what} of ${column}`}
          placeholder={what}
          value={target?.slice(choice.length) ?? ""}
          onChange={(event) => onChange(choice + event.currentTarget.value)}
          error={problem}
        />
      )}
    </div>
  );
}
