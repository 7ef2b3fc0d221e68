import { Progress } from "@mantine/core";
import { Button } from "../../ui/controls.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import type { Run } from "./useRun.ts";
import { rows } from "./words.ts";

interface RunProgressProps {
  run: Run;
  label: string;
  /** What stops it: "Cancel" where nothing was kept, "Stop" where something was. */
  stop: string;
  stopped: string;
}

/** How far a run is. It stays at the end, so that nothing below it moves. */
export function RunProgress({ run, label, stop, stopped }: RunProgressProps) {
  if (run.phase === "idle") return null;
  const going = run.phase === "running" || run.phase === "stopping";
  const percent = run.total === 0 ? 0 : (run.done / run.total) * 100;
  const far = `${run.done.toLocaleString()} of ${rows(run.total)}`;
  return (
    <div className="import-progress">
      <Progress.Root size="md">
        <Progress.Section value={percent} aria-label={label} aria-valuetext={far} />
      </Progress.Root>
      <div className="import-progress__line">
        <span aria-live="polite">
          {label}: {far}
        </span>
        {going && (
          <Button variant="default" size="xs" onClick={run.stop} disabled={run.phase === "stopping"}>
            {run.phase === "stopping" ? "Stopping" : stop}
          </Button>
        )}
      </div>
      {run.phase === "failed" && <Failure error={run.error} retry={run.goOn} />}
      {run.phase === "stopped" && (
        <Note tone="info">
          <div>{stopped}</div>
          <Button variant="default" size="xs" mt={8} onClick={run.goOn}>
            Go on
          </Button>
        </Note>
      )}
    </div>
  );
}
