import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import { cancelScheduled } from "../../api/scheduledStates.ts";
import type { ScheduledState } from "../../api/types.ts";
import { done, failed } from "../../ui/notify.ts";
import { futureOf } from "./scheduledWords.ts";

/** Takes scheduled changes back, one after the other; what was done meanwhile says so. */
export function useCancelScheduled() {
  const { api } = useOrg();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (all: ScheduledState[]) => {
      for (const one of all) await cancelScheduled(api, one.scheduledJobId);
    },
    onSuccess: (_, all) => {
      const [one] = all;
      done(all.length === 1 && one ? `${futureOf(one).noun} cancelled.` : `${all.length} changes cancelled.`);
    },
    onError: failed,
    onSettled: () => {
      // What could not be taken back was carried out: the person is another one now.
      for (const kind of ["scheduled", "users", "user"]) {
        void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      }
    },
  });
}
