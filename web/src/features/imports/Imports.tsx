import { Group, Modal, Text } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useOrg, useReadOnly } from "../../api/org.tsx";
import { exportPeople } from "../../api/users.ts";
import { Button } from "../../ui/controls.tsx";
import { download } from "../../ui/download.ts";
import { useLeaveGuard } from "../../ui/draft.ts";
import { failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { ChooseFile } from "./ChooseFile.tsx";
import { guess, type KnownBy, type Target } from "./columns.ts";
import "./imports.css";
import { Mapping } from "./Mapping.tsx";
import { Migration } from "./Migration.tsx";
import { Preview } from "./Preview.tsx";
import type { Job } from "./parts.ts";
import { Result } from "./Result.tsx";
import type { Table } from "./table.ts";
import { useRun } from "./useRun.ts";

type Stage = "file" | "columns" | "preview" | "import";

const route = getRouteApi("/console/$slug/imports");

/** Takes in people from a file: the file, its columns, what would follow, and what came of it. */
export function Imports() {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tab } = route.useSearch();
  const [stage, setStage] = useState<Stage>("file");
  const [table, setTable] = useState<Table | null>(null);
  const [targets, setTargets] = useState<Target[]>([]);
  const [knownBy, setKnownBy] = useState<KnownBy>("email");
  const [update, setUpdate] = useState(true);
  const trial = useRun(api, true);
  const run = useRun(api, false);
  const readOnly = useReadOnly();
  const guard = useLeaveGuard(stage === "import" && run.phase !== "done");

  const choose = (chosen: Table) => {
    trial.forget();
    run.forget();
    setTable(chosen);
    setTargets(guess(chosen.columns));
    setStage("columns");
  };
  const again = () => {
    trial.forget();
    run.forget();
    setTable(null);
    setStage("file");
  };
  const job: Job | null = table && { table, targets, knownBy, update };
  const finished = run.phase === "done" || run.phase === "stopped" || run.phase === "failed";
  // People, groups and what is counted of them are other ones now.
  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: [api.orgId] });
  }, [finished, client, api]);

  return (
    <Page
      title="Imports"
      actions={<ExportButton />}
      under="People from a CSV file, whole organizations from JumpCloud, and all people as a file."
    >
      {!job && (
        <PageTabs
          label="Where people come from"
          value={tab}
          onChange={(next) =>
            void navigate({
              to: "/console/$slug/imports",
              params: { slug: org.slug },
              search: { tab: next },
              replace: true,
            })
          }
          tabs={[
            { value: "file", label: "CSV file", content: () => <ChooseFile readOnly={readOnly} onTable={choose} /> },
            { value: "jumpcloud", label: "JumpCloud", content: () => <Migration readOnly={readOnly} /> },
          ]}
        />
      )}
      {job && stage === "columns" && (
        <Mapping
          job={job}
          onTargets={setTargets}
          onKnownBy={setKnownBy}
          onUpdate={setUpdate}
          onTable={choose}
          onNext={() => {
            trial.start(job);
            setStage("preview");
          }}
        />
      )}
      {job && stage === "preview" && (
        <Preview
          job={job}
          run={trial}
          onBack={() => {
            trial.forget();
            setStage("columns");
          }}
          onImport={() => {
            run.start(job);
            setStage("import");
          }}
        />
      )}
      {job && stage === "import" && <Result job={job} run={run} onAgain={again} />}
      <StopDialog guard={guard} running={run.phase === "running" || run.phase === "stopping"} />
    </Page>
  );
}

function ExportButton() {
  const { api } = useOrg();
  const send = useMutation({
    mutationFn: () => exportPeople(api),
    onSuccess: (blob) => download("users.csv", blob),
    onError: failed,
  });
  return (
    <Button
      reads
      variant="default"
      leftSection={<IconFileExport size={16} aria-hidden />}
      loading={send.isPending}
      onClick={() => send.mutate()}
    >
      Export people
    </Button>
  );
}

/** Asks before a page is left on which an import is not at its end. */
function StopDialog({ guard, running }: { guard: ReturnType<typeof useLeaveGuard>; running: boolean }) {
  return (
    <Modal opened={guard.asking} onClose={guard.stay} title="Leave the import?">
      <Text>
        {running ? "The import is still running and stops when you leave." : "The import has not come to its end."} The
        rows that are in stay. To go on later, import the same file again: nobody is made twice.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button reads variant="default" onClick={guard.stay} data-autofocus>
          Stay on this page
        </Button>
        <Button reads color="red.8" onClick={guard.leave}>
          Leave
        </Button>
      </Group>
    </Modal>
  );
}
