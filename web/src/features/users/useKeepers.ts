import { useQuery } from "@tanstack/react-query";
import { directoryProvidersQuery } from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { User } from "../../api/types.ts";
import { keepers } from "./form.ts";

export interface Keeper {
  id: string;
  name: string;
}

/** Which directory keeps a field of this person, by its name; none where it is edited here. */
export function useKeepers(user: User | undefined) {
  const { api } = useOrg();
  const kept = keepers(user?.restrictedFields);
  const providers = useQuery({ ...directoryProvidersQuery(api), enabled: kept.size > 0 });
  const named = (id: string): Keeper => ({
    id,
    name: providers.data?.find((one) => one.id === id)?.name ?? "another directory",
  });
  return {
    of: (field: string): Keeper | undefined => {
      const id = kept.get(field);
      return id ? named(id) : undefined;
    },
    all: [...new Set(kept.values())].map(named),
  };
}
