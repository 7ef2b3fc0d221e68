import { Skeleton } from "@mantine/core";
import { IconCloudDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { beginMigration, isGoingOn, migrationsQuery, testSource } from "../../api/migrations.ts";
import { useOrg } from "../../api/org.tsx";
import type { Migration as Job, MigrationSource, MigrationTest } from "../../api/types.ts";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { PasswordInput } from "../../ui/fields/PasswordInput.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { MigrationRun } from "./MigrationRun.tsx";
import { stateWords } from "./migrationWords.ts";

const DEFAULT_URL = "https://console.jumpcloud.com";

/** Takes in a JumpCloud organization: where it is, what would follow, and what came of it. */
export function Migration({ readOnly }: { readOnly: boolean }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const jobs = useQuery(migrationsQuery(api));
  const [chosen, setChosen] = useState<string | null>();
  // What goes on is shown at once.
  const going = jobs.data?.find((one) => isGoingOn(one) || one.state === "planned");
  const open = chosen === undefined ? going?.id : chosen;
  if (open) {
    return (
      <MigrationRun
        id={open}
        readOnly={readOnly}
        onBack={() => {
          setChosen(null);
          void client.invalidateQueries({ queryKey: [api.orgId, "migrations"] });
        }}
      />
    );
  }
  // The form would give way to what goes on.
  if (jobs.isPending && chosen === undefined) return <Skeleton height={320} mt={16} aria-busy="true" />;
  return (
    <div className="migration">
      <Failure error={jobs.error} retry={() => void jobs.refetch()} />
      {readOnly ? (
        <Note tone="info">Your role may look at migrations. Administrators start them.</Note>
      ) : (
        <SourceForm onBegun={(job) => setChosen(job.id)} />
      )}
      {jobs.data && jobs.data.length > 0 && <Earlier jobs={jobs.data} onOpen={(job) => setChosen(job.id)} />}
    </div>
  );
}

function SourceForm({ onBegun }: { onBegun: (job: Job) => void }) {
  const { api } = useOrg();
  const [baseUrl, setBaseUrl] = useState("");
  const [apiKey, setApiKey] = useState("");
  const [organizationId, setOrganizationId] = useState("");
  const source = (): MigrationSource => ({
    baseUrl: baseUrl.trim() || undefined,
    apiKey: apiKey.trim(),
    organizationId: organizationId.trim() || undefined,
  });
  const begin = useMutation({ mutationFn: () => beginMigration(api, source()), onSuccess: onBegun });
  const test = useMutation({ mutationFn: () => testSource(api, source()) });
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    begin.reset();
    test.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (apiKey.trim()) begin.mutate();
  };
  const error = begin.error;
  return (
    <form className="migration-form" onSubmit={submit}>
      <div className="migration-form__text">
        <IconCloudDownload size={24} aria-hidden />
        <p>
          People, groups with their rules, devices, applications and who may use them come from a JumpCloud
          organization, or from another Muster. It is only read. You see what would change before anything does, and can
          do it again to bring what has changed since.
        </p>
      </div>
      <Failure error={error} known={["baseUrl", "apiKey", "organizationId"]} />
      <TextInput
        label="Base URL"
        placeholder={DEFAULT_URL}
        description="What the addresses of the API begin with. Leave it empty for JumpCloud."
        value={baseUrl}
        error={fieldError(error, "baseUrl")}
        onChange={(event) => change(setBaseUrl)(event.currentTarget.value)}
      />
      <PasswordInput
        label="API Key"
        required
        autoComplete="off"
        description="Of an administrator there; one who may only read is enough. It is forgotten once everything is read."
        value={apiKey}
        error={fieldError(error, "apiKey")}
        onChange={(event) => change(setApiKey)(event.currentTarget.value)}
      />
      <TextInput
        label="Organization ID"
        description="Where the key reaches several organizations."
        value={organizationId}
        error={fieldError(error, "organizationId")}
        onChange={(event) => change(setOrganizationId)(event.currentTarget.value)}
      />
      <div className="migration-form__answer" aria-live="polite">
        <Failure error={test.error} known={[]} />
        {test.data && <Answer test={test.data} />}
      </div>
      <div className="import-foot">
        <Button type="submit" disabled={!apiKey.trim()} loading={begin.isPending}>
          Plan migration
        </Button>
        <Button variant="default" disabled={!apiKey.trim()} loading={test.isPending} onClick={() => test.mutate()}>
          Test Connection
        </Button>
        <span>Planning changes nothing here.</span>
      </div>
    </form>
  );
}

function Answer({ test }: { test: MigrationTest }) {
  if (!test.ok) return <Note tone="bad">{test.message}</Note>;
  const named: [number | null | undefined, string, string][] = [
    [test.users, "person", "people"],
    [test.userGroups, "user group", "user groups"],
    [test.applications, "application", "applications"],
  ];
  const counted = named
    .filter(([count]) => typeof count === "number")
    .map(([count, one, many]) => `${count?.toLocaleString()} ${count === 1 ? one : many}`);
  return (
    <Note tone="ok">
      The organization {test.organizationName || test.organizationId} can be read
      {counted.length > 0 ? `: ${counted.join(", ")}` : ""}.
    </Note>
  );
}

function Earlier({ jobs, onOpen }: { jobs: Job[]; onOpen: (job: Job) => void }) {
  return (
    <section className="migration-earlier">
      <h2>Migrations</h2>
      <DataTable<Job>
        label="Migrations"
        rows={jobs}
        id={(one) => one.id}
        name={(one) => one.organizationName || one.baseUrl}
        open={onOpen}
        columns={[
          {
            key: "from",
            label: "From",
            kind: "lead",
            render: (one) => (
              <button type="button" className="table__main table__open cut" onClick={() => onOpen(one)}>
                {one.organizationName || one.organizationId || one.baseUrl}
              </button>
            ),
          },
          { key: "url", label: "Base URL", render: (one) => <span className="cut">{one.baseUrl}</span> },
          { key: "at", label: "Started", kind: "tight", render: (one) => <Ago at={one.createdAt} /> },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (one) => <Status tone={stateWords[one.state].tone}>{stateWords[one.state].text}</Status>,
          },
        ]}
      />
    </section>
  );
}
