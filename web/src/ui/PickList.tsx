import { Skeleton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Checkbox } from "./controls.tsx";
import { SearchField } from "./SearchField.tsx";

export interface Choice {
  id: string;
  name: string;
  aside?: ReactNode;
}

interface PickListProps {
  label: string;
  searchLabel: string;
  choices: Choice[] | undefined;
  picked: Set<string>;
  onChange: (picked: Set<string>) => void;
  empty: ReactNode;
}

const SHOWN = 200;

/** Checkboxes with a search: which of these belong to that. The picked ones stand first as they were saved. */
export function PickList({ label, searchLabel, choices, picked, onChange, empty }: PickListProps) {
  const [search, setSearch] = useState("");
  const needle = search.trim().toLowerCase();
  const found = choices?.filter((choice) => choice.name.toLowerCase().includes(needle)) ?? [];
  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <div>
      <div className="tools">
        <SearchField label={searchLabel} value={search} onChange={setSearch} />
        <span className="pick__aside" aria-live="polite">
          {picked.size} selected
        </span>
      </div>
      <fieldset className="pick" aria-label={label}>
        {choices === undefined &&
          [0, 1, 2, 3].map((row) => (
            <div key={row} className="pick__row">
              <Skeleton height={20} width="40%" />
            </div>
          ))}
        {choices?.length === 0 && <div className="quiet">{empty}</div>}
        {choices && choices.length > 0 && found.length === 0 && (
          <div className="quiet">Nothing matches “{search}”.</div>
        )}
        {found.slice(0, SHOWN).map((choice) => (
          <div key={choice.id} className="pick__row">
            <Checkbox label={choice.name} checked={picked.has(choice.id)} onChange={() => toggle(choice.id)} />
            {choice.aside && <span className="pick__aside">{choice.aside}</span>}
          </div>
        ))}
        {found.length > SHOWN && <div className="quiet">{found.length - SHOWN} more. Search to narrow the list.</div>}
      </fieldset>
    </div>
  );
}

/** What has to be added and removed to get from one set to the other. */
export function difference(from: Set<string>, to: Set<string>): { added: string[]; removed: string[] } {
  return { added: [...to].filter((id) => !from.has(id)), removed: [...from].filter((id) => !to.has(id)) };
}
