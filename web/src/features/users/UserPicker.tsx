import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { User } from "../../api/types.ts";
import { userSearchQuery } from "../../api/users.ts";
import { Select } from "../../ui/fields/frequent.tsx";
import { userName } from "./status.tsx";

interface UserPickerProps {
  label: string;
  placeholder: string;
  without: string[];
  onPick: (user: User) => void;
  visibleLabel?: boolean;
}

/** Finds one person by name, username or e-mail. */
export function UserPicker({ label, placeholder, without, onPick, visibleLabel }: UserPickerProps) {
  const { api } = useOrg();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery(userSearchQuery(api, search));
  const users = found.data?.results.filter((user) => !without.includes(user._id)) ?? [];
  const pick = (id: string | null) => {
    const user = users.find((one) => one._id === id);
    if (!user) return;
    onPick(user);
    setTyped("");
  };
  return (
    <Select
      aria-label={visibleLabel ? undefined : label}
      label={visibleLabel ? label : undefined}
      placeholder={placeholder}
      searchable
      filter={({ options }) => options}
      data={users.map((user) => ({ value: user._id, label: `${userName(user)} · ${user.email}` }))}
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={found.isFetching ? "Searching…" : "No user matches"}
      onChange={pick}
    />
  );
}
