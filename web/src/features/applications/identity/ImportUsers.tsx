import { Modal, Stack } from "@mantine/core";
import { IconUserDown } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RefObject, useCallback, useRef, useState } from "react";
import { useOrg } from "../../../api/org.tsx";
import {
  IMPORT_PER_PAGE,
  importJobQuery,
  importUsersQuery,
  isDone,
  startImport,
  stopImport,
} from "../../../api/provision.ts";
import type { Application, ImportJob, ImportResult, ImportUser } from "../../../api/types.ts";
import { Button, Checkbox } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Failure, Note, sentence } from "../../../ui/Note.tsx";
import { Pager } from "../../../ui/Pager.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import { Status } from "../../../ui/Status.tsx";
import { importName, importProgress, importSummary, resultWords } from "./importWords.ts";
import { ProgressLine } from "./ProgressLine.tsx";
import { ReadingProgress } from "./ReadingProgress.tsx";
import { useReading } from "./useReading.ts";

interface ImportUsersProps {
  application: Application;
  /** The import that is looked at; the application's users without one. */
  job: string | undefined;
  onJob: (job: string | undefined) => void;
}

/** The application's accounts become users here: list, choose, and a job that tells what became of each. */
export function ImportUsers({ application, job, onJob }: ImportUsersProps) {
  // Read once as long as this page is looked at.
  const list = useRef<string | undefined>(undefined);
  if (job) return <Job application={application} id={job} onAgain={() => onJob(undefined)} />;
  return <ApplicationUsers application={application} list={list} onJob={onJob} />;
}

interface ApplicationUsersProps {
  application: Application;
  /** The list that was read. */
  list: RefObject<string | undefined>;
  onJob: (job: string) => void;
}

function ApplicationUsers({ application, list, onJob }: ApplicationUsersProps) {
  const { api, org } = useOrg();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState(new Set<string>());
  const [asking, setAsking] = useState(false);
  const { reading, read, cancel } = useReading(application._id);
  const users = useQuery(importUsersQuery(api, application._id, { search, page, list: list.current }, read));
  list.current = users.data?.session_id ?? list.current;
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPage(0);
  }, []);
  const everybody = chosen.size === 0;
  return (
    <section aria-label="Import users">
      <p className="section__help" style={{ marginTop: 0, marginBottom: 12 }}>
        The accounts that {application.displayLabel} has. Who is here already, by e-mail or user name, is brought up to
        date instead of made twice.
      </p>
      <div className="tools">
        {reading ? (
          <ReadingProgress reading={reading} onCancel={cancel} />
        ) : (
          <>
            <SearchField label="Search the application's users" value={search} onChange={onSearch} delay_ms={250} />
            <Button
              style={{ marginLeft: "auto" }}
              leftSection={<IconUserDown size={16} aria-hidden />}
              disabled={!users.data || users.data.users.length === 0}
              onClick={() => setAsking(true)}
            >
              {everybody ? "Import all" : `Import ${chosen.size} selected`}
            </Button>
          </>
        )}
      </div>
      <Failure error={users.error} retry={() => void users.refetch()} />
      {!users.error && (
        <DataTable<ImportUser>
          label="Users of the application"
          rows={users.data?.users}
          id={(one) => one.id}
          name={importName}
          selected={chosen}
          onSelect={setChosen}
          empty={search ? "Nobody matches." : "The application has no users."}
          columns={[
            {
              key: "name",
              label: "User",
              kind: "lead",
              render: (one) => (
                <span className="identity__lines">
                  {importName(one)}
                  <span className="table__sub">{one.email}</span>
                </span>
              ),
            },
            { key: "username", label: "Username", render: (one) => one.username },
            { key: "title", label: "Job Title", render: (one) => one.jobTitle },
            {
              key: "there",
              label: "There",
              kind: "tight",
              render: (one) => (
                <Status tone={one.active === false ? "muted" : "ok"}>
                  {one.active === false ? "Inactive" : "Active"}
                </Status>
              ),
            },
            {
              key: "here",
              label: "Here",
              kind: "tight",
              render: (one) =>
                one.systemUserId ? (
                  <Link to="/console/$slug/users/$userId" params={{ slug: org.slug, userId: one.systemUserId }}>
                    Is here
                  </Link>
                ) : (
                  "New"
                ),
            },
          ]}
        />
      )}
      <Pager page={page} size={IMPORT_PER_PAGE} total={users.data?.total_count} onPage={setPage} />
      <ImportDialog
        application={application}
        opened={asking}
        users={everybody ? undefined : [...chosen]}
        search={search}
        count={everybody ? (users.data?.total_count ?? 0) : chosen.size}
        onClose={() => setAsking(false)}
        onStarted={(id) => {
          setAsking(false);
          onJob(id);
        }}
      />
    </section>
  );
}

interface ImportDialogProps {
  application: Application;
  opened: boolean;
  /** The application's ids of those who were chosen; without them all that match the search. */
  users: string[] | undefined;
  search: string;
  count: number;
  onClose: () => void;
  onStarted: (job: string) => void;
}

function ImportDialog({ application, opened, users, search, count, onClose, onStarted }: ImportDialogProps) {
  const { api } = useOrg();
  const [create, setCreate] = useState(true);
  const [update, setUpdate] = useState(true);
  const [reactivate, setReactivate] = useState(false);
  const start = useMutation({
    mutationFn: () =>
      startImport(api, application._id, {
        operations: [...(create ? (["users.create"] as const) : []), ...(update ? (["users.update"] as const) : [])],
        allowUserReactivation: reactivate && update,
        ids: users,
        queryString: users ? undefined : search,
      }),
    onSuccess: (answer) => onStarted(answer.jobId),
  });
  const whom = count === 1 ? "1 user" : `${count.toLocaleString()} users`;
  return (
    <Modal opened={opened} onClose={onClose} title={`Import ${whom}?`}>
      <Failure error={start.error} />
      <Stack gap={12}>
        <Checkbox
          label="Create who is not here"
          description="In the state that the organization's settings say for imports from applications."
          checked={create}
          onChange={(event) => setCreate(event.currentTarget.checked)}
        />
        <Checkbox
          label="Update who is here already"
          description="With the names, title and department that the application has."
          checked={update}
          onChange={(event) => setUpdate(event.currentTarget.checked)}
        />
        <Checkbox
          label="Reactivate suspended users"
          description="Only those whose account in the application is active."
          disabled={!update}
          checked={reactivate && update}
          onChange={(event) => setReactivate(event.currentTarget.checked)}
        />
      </Stack>
      <div className="buttons" style={{ justifyContent: "flex-end", marginTop: 24 }}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button loading={start.isPending} disabled={!create && !update} onClick={() => start.mutate()}>
          Import
        </Button>
      </div>
    </Modal>
  );
}

interface JobProps {
  application: Application;
  id: string;
  onAgain: () => void;
}

function Job({ application, id, onAgain }: JobProps) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const job = useQuery(importJobQuery(api, id));
  const stop = useMutation({ mutationFn: () => stopImport(api, application._id, id) });
  const finished = isDone(job.data);
  const back = () => {
    for (const kind of ["users", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
    onAgain();
  };
  return (
    <section aria-label="Result of the import">
      <Failure error={job.error} retry={() => void job.refetch()} />
      <Failure error={stop.error} />
      {job.data && !finished && (
        <Going job={job.data} onCancel={() => stop.mutate()} ending={stop.isPending || stop.isSuccess} />
      )}
      <div aria-live="polite">{job.data && finished && <Told job={job.data} />}</div>
      <DataTable<ImportResult>
        label="Result per user"
        expected={4}
        rows={job.data?.results}
        id={(one) => `${one.username} ${one.email}`}
        empty={finished ? "Nobody was imported." : "The first results are on their way."}
        columns={[
          {
            key: "name",
            label: "User",
            kind: "lead",
            render: (one) => (
              <span className="identity__lines">
                {one.systemUserId ? (
                  <Link
                    className="table__main"
                    to="/console/$slug/users/$userId"
                    params={{ slug: org.slug, userId: one.systemUserId }}
                  >
                    {one.email || one.username}
                  </Link>
                ) : (
                  one.email || one.username
                )}
                {one.error && <span className="table__sub">{sentence(one.error)}</span>}
              </span>
            ),
          },
          {
            key: "outcome",
            label: "Result",
            kind: "tight",
            render: (one) => <Status tone={resultWords(one.status).tone}>{resultWords(one.status).label}</Status>,
          },
        ]}
      />
      <Button variant="default" mt={16} onClick={back}>
        Back to the application's users
      </Button>
    </section>
  );
}

/** How far an import is: the application is read first, then each of its users is gone through. */
function Going({ job, onCancel, ending }: { job: ImportJob; onCancel: () => void; ending: boolean }) {
  return (
    <ProgressLine alone label="The import" {...importProgress(job.progress)}>
      <span className="reading__aside">
        <span className="table__sub">This page can be left; it goes on.</span>
        <Button variant="default" size="xs" loading={ending} onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </ProgressLine>
  );
}

function Told({ job }: { job: ImportJob }) {
  const total = job.counts.reduce((sum, one) => sum + one.count, 0);
  const stopped = job.status === "STOPPED";
  const bad = stopped || job.error !== null || job.counts.some((one) => resultWords(one.status).tone === "bad");
  const shown = job.results.length;
  return (
    <Note tone={bad ? "warn" : "ok"}>
      {stopped && "The import was cancelled. "}
      {importSummary(job.counts)}
      {shown < total && ` The first ${shown.toLocaleString()} are listed.`}
      {job.error && ` It ended before its end: ${job.error}`}
    </Note>
  );
}
