import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useOrg } from "../../api/org.tsx";
import { scheduledOfQuery } from "../../api/scheduledStates.ts";
import type { ScheduledState, User } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";
import { exact, relative } from "../../ui/time.tsx";
import { futureOf } from "./scheduledWords.ts";
import { useCancelScheduled } from "./useCancelScheduled.ts";

/** What waits for a person, a line each, with the way to take it back. */
export function ScheduledNotes({ user }: { user: User }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const scheduled = useQuery(scheduledOfQuery(api, user._id));
  const waiting = scheduled.data?.length;
  const before = useRef(waiting);
  useEffect(() => {
    // What does not wait any more was carried out: the person is another one now.
    if (waiting !== undefined && before.current !== undefined && waiting < before.current)
      void client.invalidateQueries({ queryKey: [api.orgId, "user", user._id] });
    before.current = waiting;
  }, [api.orgId, client, user._id, waiting]);
  return scheduled.data?.map((one) => <Line key={one.scheduledJobId} one={one} />);
}

function Line({ one }: { one: ScheduledState }) {
  const { noun } = futureOf(one);
  const cancel = useCancelScheduled();
  const at = new Date(one.scheduledDate);
  return (
    <Note tone="info">
      <div className="note__line">
        <span>
          {noun} scheduled for <time dateTime={at.toISOString()}>{exact(at)}</time> ({relative(at, new Date())})
        </span>
        <Button
          size="compact-sm"
          variant="default"
          loading={cancel.isPending}
          aria-label={`Cancel the ${noun.toLowerCase()} scheduled for ${exact(at)}`}
          onClick={() => cancel.mutate([one])}
        >
          Cancel
        </Button>
      </div>
    </Note>
  );
}
