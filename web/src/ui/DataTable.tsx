import { Skeleton } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { useReadOnly } from "../api/org.tsx";
import { Checkbox } from "./controls.tsx";

export interface Column<Row> {
  key: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** `lead` names the object, `tail` holds its actions, `num` aligns figures. */
  kind?: "lead" | "tail" | "num" | "tight";
}

interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  id: (row: Row) => string;
  name?: (row: Row) => string;
  open?: (row: Row) => void;
  selected?: Set<string>;
  onSelect?: (selected: Set<string>) => void;
  expected?: number;
  empty?: ReactNode;
}

function isControl(event: MouseEvent): boolean {
  return (event.target as HTMLElement).closest("a, button, input, label, [role=menuitem]") !== null;
}

/** A table on wide screens, cards on narrow ones: the same elements, so roles are stated outright. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, id, name, open, onSelect, expected = 8, empty } = props;
  // Rows are chosen to change them.
  const selected = useReadOnly() ? undefined : props.selected;
  const all = rows?.map(id) ?? [];
  const everySelected = all.length > 0 && all.every((one) => selected?.has(one));
  const toggle = (one: string) => {
    const next = new Set(selected);
    if (!next.delete(one)) next.add(one);
    onSelect?.(next);
  };
  if (rows?.length === 0 && empty) return <div className="table-wrap quiet">{empty}</div>;
  return (
    <div className="table-wrap">
      {/* biome-ignore lint/a11y/noRedundantRoles: display: block on narrow screens would take the role away */}
      <table className="table" role="table" aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {selected && (
              <th className="tight" scope="col">
                <Checkbox
                  size="xs"
                  aria-label="Select all on this page"
                  checked={everySelected}
                  indeterminate={!everySelected && all.some((one) => selected.has(one))}
                  onChange={() => onSelect?.(everySelected ? new Set() : new Set(all))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.kind === "lead" ? undefined : column.kind}>
                {column.kind === "tail" ? <span className="m-visually-hidden">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined &&
            Array.from({ length: expected }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
              <tr key={row}>
                {selected && <td className="check" />}
                {columns.map((column) => (
                  <td key={column.key} className={column.kind}>
                    {column.kind !== "tail" && <Skeleton height={12} width={column.kind === "num" ? 30 : "70%"} />}
                  </td>
                ))}
              </tr>
            ))}
          {rows?.map((row) => (
            <tr
              key={id(row)}
              // biome-ignore lint/a11y/noRedundantRoles: display: grid on narrow screens would take the role away
              role="row"
              data-link={open ? true : undefined}
              onClick={open && ((event) => !isControl(event) && open(row))}
            >
              {selected && (
                <td className="check tight">
                  <Checkbox
                    size="xs"
                    aria-label={`Select ${name?.(row) ?? id(row)}`}
                    checked={selected.has(id(row))}
                    onChange={() => toggle(id(row))}
                  />
                </td>
              )}
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={column.kind}
                  data-label={column.kind === "lead" || column.kind === "tail" ? undefined : column.label}
                >
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
