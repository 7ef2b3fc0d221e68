import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { userQuery, userSearchQuery } from "../../api/users.ts";
import { Select } from "../../ui/fields/frequent.tsx";
import { userName } from "./status.tsx";

interface ManagerFieldProps {
  /** The manager's id; empty for none. */
  value: string;
  onChange: (id: string) => void;
  /** Whose manager it is: nobody is their own. */
  of: string | undefined;
  error: string | undefined;
  /** Which directory says who it is; then it is not changed here. */
  from?: string;
}

/** Who a person reports to: found by name, kept by id. */
export function ManagerField({ value, onChange, of, error, from }: ManagerFieldProps) {
  const { api, org } = useOrg();
  const [typed, setTyped] = useState("");
  const manager = useQuery({ ...userQuery(api, value), enabled: value !== "" });
  const current = value === "" ? undefined : manager.data;
  const label = current ? userName(current) : manager.isError ? `Unknown person ${value}` : "Loading…";
  // What stands in the field when nothing was typed is the manager's name: then everybody is offered.
  const [search] = useDebouncedValue(typed === label ? "" : typed.trim(), 150);
  const found = useQuery(userSearchQuery(api, search));
  const users = found.data?.results.filter((user) => user._id !== of) ?? [];
  const offered = users.map((user) => ({ value: user._id, label: `${userName(user)} · ${user.email}` }));
  const kept = value === "" ? [] : [{ value, label }];
  const shown = new Set(offered.map((one) => one.value));
  return (
    <div>
      <Select
        label="Manager"
        placeholder="Search a person"
        searchable={from === undefined}
        clearable={from === undefined}
        disabled={from !== undefined}
        description={from}
        inputWrapperOrder={["label", "input", "description", "error"]}
        clearButtonProps={{ "aria-label": "Remove the manager" }}
        // The server searches. The present manager stays an option so that the field can name them.
        filter={({ options }) => options.filter((one) => "value" in one && shown.has(one.value))}
        data={[...kept, ...offered.filter((one) => one.value !== value)]}
        value={value === "" ? null : value}
        searchValue={typed}
        onSearchChange={setTyped}
        nothingFoundMessage={found.isFetching ? "Searching…" : "No user matches"}
        error={error}
        onChange={(id) => onChange(id ?? "")}
      />
      {current && (
        <div className="section__help">
          <Link to="/console/$slug/users/$userId" params={{ slug: org.slug, userId: value }}>
            Open {userName(current)}
          </Link>
        </div>
      )}
    </div>
  );
}
