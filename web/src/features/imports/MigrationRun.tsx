import { Progress } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { applyMigration, cancelMigration, isGoingOn, migrationQuery, migrationReport } from "../../api/migrations.ts";
import { useOrg } from "../../api/org.tsx";
import type { Migration, MigrationOutcome } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button, Checkbox } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { download } from "../../ui/download.ts";
import { Failure, Note } from "../../ui/Note.tsx";
import { failed } from "../../ui/notify.ts";
import { Status } from "../../ui/Status.tsx";
import { MigrationItems } from "./MigrationItems.tsx";
import { changing, outcomes, outcomeWords, progress, stateWords, totals } from "./migrationWords.ts";
import { StageHead } from "./StageHead.tsx";

/** One migration: how far it is, its plan, and what became of it. It goes on when the page is closed. */
export function MigrationRun({ id, readOnly, onBack }: { id: string; readOnly: boolean; onBack: () => void }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const job = useQuery(migrationQuery(api, id));
  const report = useMutation({
    mutationFn: () => migrationReport(api, id),
    onSuccess: (blob) => download("migration.csv", blob),
    onError: failed,
  });
  const state = job.data?.state;
  // People, groups and what is counted of them are other ones now.
  useEffect(() => {
    if (state === "done") void client.invalidateQueries({ queryKey: [api.orgId] });
  }, [state, client, api]);
  const data = job.data;
  return (
    <>
      <StageHead
        title={data?.organizationName ? `Migration from ${data.organizationName}` : "Migration"}
        text={data?.baseUrl ?? ""}
      >
        <Button
          reads
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={!data || isGoingOn(data)}
          loading={report.isPending}
          onClick={() => report.mutate()}
        >
          Download report
        </Button>
        <Button reads variant="default" size="xs" onClick={onBack}>
          All migrations
        </Button>
      </StageHead>
      <Failure error={job.error} retry={() => void job.refetch()} />
      {data && <Known job={data} readOnly={readOnly} />}
    </>
  );
}

function Known({ job, readOnly }: { job: Migration; readOnly: boolean }) {
  return (
    <>
      {isGoingOn(job) && <GoingOn job={job} readOnly={readOnly} />}
      {job.state === "failed" && <Note tone="bad">{job.failure}</Note>}
      {job.state === "cancelled" && <Note tone="info">The migration was cancelled. What had come already stays.</Note>}
      {job.state === "done" && (
        <Note tone="ok">The migration is done. Start it again to bring what changes there.</Note>
      )}
      {job.state === "planned" && !readOnly && <Decide job={job} />}
      {!isGoingOn(job) && <Outcomes job={job} readOnly={readOnly} />}
    </>
  );
}

function GoingOn({ job, readOnly }: { job: Migration; readOnly: boolean }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const { done, all } = progress(job);
  const cancel = useMutation({
    mutationFn: () => cancelMigration(api, job.id),
    onSuccess: (now) => client.setQueryData(migrationQuery(api, job.id).queryKey, now),
    onError: failed,
  });
  const reading = job.state === "reading";
  const stop = async () => {
    // Nothing has come while it is only read.
    const yes =
      reading ||
      (await confirm({
        title: "Cancel the migration?",
        body: `${done.toLocaleString()} of ${all.toLocaleString()} objects are done and stay here. Another migration brings the rest.`,
        confirm: "Cancel migration",
        danger: true,
      }));
    if (yes) cancel.mutate();
  };
  const words = reading
    ? `Reading ${job.reading || "the organization"}: ${all.toLocaleString()} objects so far`
    : `${stateWords[job.state].text}: ${done.toLocaleString()} of ${all.toLocaleString()} objects`;
  const value = reading || all === 0 ? 100 : (done / all) * 100;
  return (
    <div className="import-progress">
      <div className="import-progress__line">
        <span role="status">{words}</span>
        {!readOnly && (
          <Button variant="default" size="xs" loading={cancel.isPending} onClick={() => void stop()}>
            Cancel migration
          </Button>
        )}
      </div>
      <Progress value={value} animated={reading} aria-label="Migration" />
      <p className="import-none">It goes on when you leave this page.</p>
    </div>
  );
}

function Decide({ job }: { job: Migration }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [overwrite, setOverwrite] = useState(job.overwrite);
  const known = (now: Migration) => client.setQueryData(migrationQuery(api, job.id).queryKey, now);
  const apply = useMutation({
    mutationFn: () => applyMigration(api, job.id, overwrite),
    onSuccess: (now) => {
      known(now);
      void client.invalidateQueries({ queryKey: migrationQuery(api, job.id).queryKey });
    },
    onError: failed,
  });
  const drop = useMutation({ mutationFn: () => cancelMigration(api, job.id), onSuccess: known, onError: failed });
  const count = changing(job);
  const kept = totals(job).kept;
  const start = async () => {
    const yes = await confirm({
      title: "Start the migration?",
      body: `${count.toLocaleString()} objects are created, changed or linked here${
        overwrite && kept > 0 ? `, and ${kept.toLocaleString()} that were changed here by hand are overwritten` : ""
      }. The source is not changed.`,
      confirm: "Start migration",
    });
    if (yes) apply.mutate();
  };
  return (
    <div className="migration-decide">
      <Note tone="info">This is the plan. Nothing has changed yet.</Note>
      {job.inParts && (
        <Note tone="info">
          The plan was worked out in parts: of somebody who stands in two parts the numbers of groups are sums.
        </Note>
      )}
      {job.groups.length > 0 && <Moves job={job} />}
      {kept > 0 && (
        <Checkbox
          label={`Overwrite what was changed here by hand (${kept.toLocaleString()})`}
          checked={overwrite}
          onChange={(event) => setOverwrite(event.currentTarget.checked)}
        />
      )}
      <div className="import-foot">
        <Button loading={apply.isPending} onClick={() => void start()}>
          Start migration
        </Button>
        <Button variant="default" loading={drop.isPending} onClick={() => drop.mutate()}>
          Discard plan
        </Button>
      </div>
    </div>
  );
}

function Moves({ job }: { job: Migration }) {
  return (
    <div className="import-groups">
      <h3>Groups</h3>
      <DataTable
        label="Groups that people would join or leave"
        rows={job.groups}
        id={(one) => one.name}
        columns={[
          { key: "name", label: "Group", kind: "lead", render: (one) => one.name },
          { key: "joins", label: "Join", kind: "num", render: (one) => one.joins.toLocaleString() },
          { key: "leaves", label: "Leave", kind: "num", render: (one) => one.leaves.toLocaleString() },
        ]}
      />
    </div>
  );
}

/** How many objects have which outcome, and the first of them. */
function Outcomes({ job, readOnly }: { job: Migration; readOnly: boolean }) {
  const counts = totals(job);
  const [chosen, setChosen] = useState<MigrationOutcome | null>(null);
  const planned = job.state !== "done";
  const open = chosen && counts[chosen] > 0 ? chosen : outcomes.find((one) => counts[one] > 0);
  if (!open) return null;
  return (
    <>
      <fieldset className="outcomes outcomes--many">
        <legend className="m-visually-hidden">Show objects of one result</legend>
        {outcomes
          .filter((one) => counts[one] > 0)
          .map((one) => (
            <button
              key={one}
              type="button"
              className="outcomes__one"
              aria-pressed={one === open}
              onClick={() => setChosen(one)}
            >
              <span className="outcomes__count">{counts[one].toLocaleString()}</span>
              <Status tone={outcomeWords[one].tone}>
                {planned ? outcomeWords[one].planned : outcomeWords[one].done}
              </Status>
            </button>
          ))}
      </fieldset>
      <p className="import-none">{outcomeWords[open].text}</p>
      <MigrationItems key={open} readOnly={readOnly} job={job} outcome={open} count={counts[open]} />
    </>
  );
}
