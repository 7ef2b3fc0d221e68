import { Group, Progress, Skeleton } from "@mantine/core";
import { IconFileSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { askRun, isOpen, runsQuery, setPaused, sourceQuery } from "../../api/feeds.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, FeedRun, FeedSource } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure, Note, sentence } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { RunResults } from "./RunResults.tsx";
import { progressOf, runState, runTitle, summaryOf } from "./runWords.ts";

/** What an import would do, what it does, and what it did. */
export function Imports({ provider }: { provider: DirectoryProvider }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const source = useQuery(sourceQuery(api, provider.id));
  const runs = useQuery({ ...runsQuery(api, provider.id), enabled: source.data !== null });
  const [chosen, setChosen] = useState<string>();
  const all = runs.data?.items;
  const going = isOpen(all?.[0]);
  useEffect(() => {
    // What came is looked at elsewhere.
    if (going) return;
    void client.invalidateQueries({ queryKey: [api.orgId, "directory-provider", provider.id] });
    for (const what of ["users", "groups"]) void client.invalidateQueries({ queryKey: [api.orgId, what] });
  }, [going, client, api.orgId, provider.id]);
  if (source.error) return <Failure error={source.error} retry={() => void source.refetch()} />;
  if (source.data === null) {
    return (
      <div className="tab-body">
        <Empty
          icon={<IconFileSearch size={24} />}
          title="Nothing to read yet"
          text="Enter under Connection where the directory is. Then its plan stands here."
        />
      </div>
    );
  }
  if (!source.data || !all) return <Skeleton height={320} mt={24} aria-busy="true" />;
  const shown = all.find((run) => run.id === chosen) ?? all[0];
  return (
    <>
      <Actions provider={provider} source={source.data} going={going} onAsked={() => setChosen(undefined)} />
      {shown && <OneRun key={shown.id} provider={provider} run={shown} />}
      {all.length > 0 && (
        <Section title="History" help="The last runs; older ones are removed." wide>
          <DataTable<FeedRun>
            label="Runs"
            rows={all}
            id={(run) => run.id}
            open={(run) => setChosen(run.id)}
            columns={[
              {
                key: "kind",
                label: "Run",
                kind: "lead",
                render: (run) => (
                  <button type="button" className="table__main table__open" onClick={() => setChosen(run.id)}>
                    {runTitle(run)}
                  </button>
                ),
              },
              {
                key: "state",
                label: "State",
                kind: "tight",
                render: (run) => <Status tone={runState[run.state].tone}>{runState[run.state].label}</Status>,
              },
              { key: "what", label: "What", render: (run) => run.failure ?? summaryOf(run) },
              { key: "at", label: "When", kind: "tight", render: (run) => <Ago at={run.createdAt} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

interface ActionsProps {
  provider: DirectoryProvider;
  source: FeedSource;
  going: boolean;
  onAsked: () => void;
}

function Actions({ provider, source, going, onAsked }: ActionsProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const refresh = () =>
    client.invalidateQueries({ queryKey: [api.orgId, "directory-provider", provider.id, "source"] });
  const ask = useMutation({
    mutationFn: (what: "plan" | "run" | "approve") => askRun(api, provider.id, what),
    onSuccess: () => {
      onAsked();
      return refresh();
    },
  });
  const pause = useMutation({
    mutationFn: (paused: boolean) => setPaused(api, provider.id, paused),
    onSuccess: refresh,
  });
  const approve = async () => {
    const yes = await confirm({
      title: "Let go whom the guard holds?",
      body: "Whoever is still gone in the directory is suspended here, and leaves its groups. Groups that are gone are removed.",
      confirm: "Approve",
      danger: true,
    });
    if (yes) ask.mutate("approve");
  };
  const busy = going || ask.isPending;
  return (
    <div className="tab-body">
      <Failure error={ask.error ?? pause.error} />
      {source.failure && !going && (
        <Note tone="bad">
          {sentence(source.failure)}
          {source.failures > 1 && ` It failed ${source.failures} times in a row, and is tried less often.`}
        </Note>
      )}
      {source.heldRun && !going && (
        <Note tone="warn">
          The guard holds people or groups of the last import: nothing happens to them until you approve.
        </Note>
      )}
      <Group my={16}>
        <Button variant={source.planned ? "default" : "filled"} disabled={busy} onClick={() => ask.mutate("plan")}>
          Preview
        </Button>
        <Button
          variant={source.planned ? "filled" : "default"}
          disabled={busy || !source.planned || !provider.active}
          onClick={() => ask.mutate("run")}
        >
          Import now
        </Button>
        {source.heldRun && (
          <Button color="red" variant="light" disabled={busy} onClick={() => void approve()}>
            Approve
          </Button>
        )}
        {source.active && source.everyMinutes > 0 && (
          <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate(!source.paused)}>
            {source.paused ? "Resume" : "Pause"}
          </Button>
        )}
      </Group>
      <p className="section__help">
        {!source.planned && "These settings have not been previewed: look at the plan before you import. "}
        {source.planned && !source.active && "Once it was imported, it is read by itself. "}
        {source.paused && "It rests: it is read only when you ask. "}
        {source.nextRunAt && (
          <>
            Read next: <Ago at={source.nextRunAt} />
          </>
        )}
      </p>
    </div>
  );
}

function OneRun({ provider, run }: { provider: DirectoryProvider; run: FeedRun }) {
  const far = progressOf(run);
  return (
    <Section title={runTitle(run)} help={<Ago at={run.createdAt} />} wide>
      <Group gap={12} mb={8}>
        <Status tone={runState[run.state].tone}>{runState[run.state].label}</Status>
        <span aria-live="polite">
          {isOpen(run) ? far.words : (run.failure && sentence(run.failure)) || summaryOf(run)}
        </span>
      </Group>
      {isOpen(run) && (
        <Progress.Root size="md">
          <Progress.Section
            value={far.percent ?? 100}
            animated={far.percent === undefined}
            aria-label={runTitle(run)}
            aria-valuetext={far.words}
          />
        </Progress.Root>
      )}
      {run.notes.map((note) => (
        <Note key={note} tone="warn">
          {sentence(note)}
        </Note>
      ))}
      {run.moved.length > 0 && (
        <DataTable
          label="Groups that change"
          rows={run.moved.slice(0, 10)}
          id={(one) => one.id}
          columns={[
            { key: "name", label: "Group", kind: "lead", render: (one) => one.name },
            { key: "joins", label: "Join", kind: "num", render: (one) => one.joins.toLocaleString() },
            { key: "leaves", label: "Leave", kind: "num", render: (one) => one.leaves.toLocaleString() },
          ]}
        />
      )}
      {run.inParts && (
        <p className="section__help">A long plan is worked out in parts: it says less of who joins which group.</p>
      )}
      <RunResults provider={provider} run={run} />
    </Section>
  );
}
