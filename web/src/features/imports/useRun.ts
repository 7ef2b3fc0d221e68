import { useCallback, useEffect, useRef, useState } from "react";
import type { Api } from "../../api/client.ts";
import { importPeople } from "../../api/users.ts";
import { added, type Job, nextPart, nothing, request, sendingOrder, type Tally } from "./parts.ts";

export type Phase = "idle" | "running" | "stopping" | "stopped" | "failed" | "done";

export interface RunState {
  phase: Phase;
  /** Rows that are dealt with. */
  done: number;
  total: number;
  tally: Tally;
  error: unknown;
}

const idle: RunState = { phase: "idle", done: 0, total: 0, tally: nothing(), error: null };

interface Going {
  job: Job;
  order: number[];
  state: RunState;
  stop: AbortController;
}

/**
 * Sends a table part by part: as a trial, or in earnest. What failed or was stopped goes on with the part that has no
 * answer yet; a part that came through although its answer was lost finds its people there, and changes nothing.
 */
export function useRun(api: Api, dryRun: boolean) {
  const [state, setState] = useState(idle);
  const going = useRef<Going | null>(null);

  const loop = useCallback(
    async (run: Going) => {
      const put = (patch: Partial<RunState>) => {
        run.state = { ...run.state, ...patch };
        // Another run, or none, has taken its place.
        if (going.current === run) setState(run.state);
      };
      put({ phase: "running", error: null });
      try {
        while (run.state.done < run.state.total) {
          if (run.stop.signal.aborted) return put({ phase: "stopped" });
          const part = nextPart(run.job, run.order, run.state.done);
          // What is kept is waited for: nobody would know what became of a part that is cut off.
          const signal = dryRun ? run.stop.signal : undefined;
          const answer = await importPeople(api, request(run.job, part, run.state.tally, dryRun), signal);
          put({ done: run.state.done + part.lines.length, tally: added(run.state.tally, part, answer) });
        }
        put({ phase: "done" });
      } catch (error) {
        put(run.stop.signal.aborted ? { phase: "stopped" } : { phase: "failed", error });
      }
    },
    [api, dryRun],
  );

  // Whoever leaves the page ends what runs on it.
  useEffect(() => () => going.current?.stop.abort(), []);

  const start = (job: Job) => {
    going.current?.stop.abort();
    const order = sendingOrder(job);
    const run: Going = { job, order, state: { ...idle, total: order.length }, stop: new AbortController() };
    going.current = run;
    void loop(run);
  };
  const goOn = () => {
    const run = going.current;
    if (!run) return;
    run.stop = new AbortController();
    void loop(run);
  };
  const stop = () => {
    going.current?.stop.abort();
    setState((before) => (before.phase === "running" ? { ...before, phase: "stopping" } : before));
  };
  const forget = () => {
    going.current?.stop.abort();
    going.current = null;
    setState(idle);
  };
  return { ...state, start, goOn, stop, forget };
}

export type Run = ReturnType<typeof useRun>;
