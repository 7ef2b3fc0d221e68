import { IconDownload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import { Button } from "../../ui/controls.tsx";
import { download } from "../../ui/download.ts";
import { Note } from "../../ui/Note.tsx";
import type { Job } from "./parts.ts";
import { Rows } from "./Rows.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { StageHead } from "./StageHead.tsx";
import type { Run } from "./useRun.ts";
import { leftOutCsv, resultsCsv, summary } from "./words.ts";

/** The import, while it runs and at its end. */
export function Result({ job, run, onAgain }: { job: Job; run: Run; onAgain: () => void }) {
  const { org } = useOrg();
  const { tally } = run;
  const complete = run.phase === "done";
  const ended = complete || run.phase === "stopped" || run.phase === "failed";
  const leftOut = tally.counts.refused + tally.incomplete;
  return (
    <>
      <StageHead title="Import" text={job.table.name}>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={!ended || tally.taken.length === 0}
          onClick={() => download("import-result.csv", resultsCsv(job, tally.taken, false))}
        >
          Download as CSV
        </Button>
        <Button variant="default" size="xs" disabled={!ended} onClick={onAgain}>
          Import another file
        </Button>
        <Link to="/console/$slug/users" params={{ slug: org.slug }}>
          Go to Users
        </Link>
      </StageHead>
      <RunProgress
        run={run}
        label="Import"
        stop="Stop"
        stopped="The import was stopped. The rows that are in stay; the others can follow."
      />
      {complete && <Note tone={leftOut > 0 ? "warn" : "ok"}>{summary(tally)}.</Note>}
      {ended && leftOut > 0 && (
        <div className="import-left">
          <Button
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => download("import-left-out.csv", leftOutCsv(job, tally.taken))}
          >
            Download what was left out
          </Button>
          <span>These rows are in your file's columns, with the reason. Mend them and import that file.</span>
        </div>
      )}
      <Rows job={job} tally={tally} planned={false} complete={ended} />
    </>
  );
}
