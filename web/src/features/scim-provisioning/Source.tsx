import { Group, Skeleton } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { saveSource, sourceQuery, testSource } from "../../api/feeds.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, FeedSource } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Select, Switch } from "../../ui/fields/frequent.tsx";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError, Note, sentence } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { LeaveDialog } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { testWords } from "../applications/identity/words.ts";
import { GoogleFields, LdapFields } from "./SourceFields.tsx";
import { every, type SourceDraft, sourceDraftOf, sourceWriteOf } from "./sourceForm.ts";
import "../applications/identity/identity.css";

interface SourceProps {
  provider: DirectoryProvider;
  /** What is entered is looked at next. */
  onSaved: () => void;
}

/** Where a directory is read. */
export function Source({ provider, onSaved }: SourceProps) {
  const { api } = useOrg();
  const source = useQuery(sourceQuery(api, provider.id));
  if (source.error) return <Failure error={source.error} retry={() => void source.refetch()} />;
  if (source.data === undefined) return <Skeleton height={420} mt={24} aria-busy="true" />;
  return <Form key={source.data ? "kept" : "new"} provider={provider} source={source.data} onSaved={onSaved} />;
}

/** The names that the server gives the fields of the form. */
const known = ["ldap", "google", "secret", "everyMinutes", "guard", "groups"];

function Form({ provider, source, onSaved }: SourceProps & { source: FeedSource | null }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const draft = useDraft<SourceDraft>(sourceDraftOf(source));
  const guard = useLeaveGuard(draft.dirty);
  const { value, set } = draft;
  const write = () => sourceWriteOf(value, provider.type);
  const test = useMutation({ mutationFn: () => testSource(api, provider.id, write()), onError: focusFirstError });
  const save = useMutation({
    mutationFn: () => saveSource(api, provider.id, write()),
    onSuccess: (saved) => {
      guard.allow();
      client.setQueryData([...sourceQuery(api, provider.id).queryKey], () => saved);
      draft.reset();
      done("Saved. Look at the plan before you import.");
      onSaved();
    },
    onError: focusFirstError,
  });
  const failure = save.error ?? test.error;
  const fields = { value, set, failure, hasSecret: source?.hasSecret ?? false };
  const number = (name: "guardCount" | "guardPercent", label: string, path: string, max: number) => (
    <NumberInput
      label={label}
      min={0}
      max={max}
      allowDecimal={false}
      value={value[name]}
      error={fieldError(failure, path)}
      onChange={(next) => set({ [name]: next } as Partial<SourceDraft>)}
    />
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Failure error={failure} known={known} />
      <Section
        title={provider.type === "ldap" ? "LDAP Server" : "Google Workspace"}
        help="Where the directory is, and as whom it is read. Nothing is ever changed there."
      >
        {provider.type === "ldap" ? <LdapFields {...fields} /> : <GoogleFields {...fields} />}
        <div className="block">
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            Test Connection
          </Button>
          <div className="identity__test" aria-live="polite">
            {test.data && <Checks report={test.data} />}
          </div>
        </div>
      </Section>
      <Section title="Schedule and Guard" help="How often it is read, and when an administrator is asked first.">
        <div className="fields">
          <Select
            label="Is read"
            data={every}
            allowDeselect={false}
            value={value.everyMinutes}
            error={fieldError(failure, "everyMinutes")}
            onChange={(next) => next && set({ everyMinutes: next })}
          />
          <div />
          {number("guardCount", "Ask before more people leave than", "guard.count", 1_000_000)}
          {number("guardPercent", "or more percent than", "guard.percent", 100)}
        </div>
        <Switch
          mt={18}
          label="Read groups too"
          description="Groups come with their members, and are read-only here."
          checked={value.groups}
          onChange={(event) => set({ groups: event.currentTarget.checked })}
        />
        <Group mt={18}>
          <Button type="submit" loading={save.isPending} disabled={!draft.dirty && source !== null}>
            Save Connection
          </Button>
          {draft.dirty && source !== null && (
            <Button variant="default" onClick={() => draft.reset()}>
              Cancel
            </Button>
          )}
        </Group>
      </Section>
      <LeaveDialog guard={guard} />
    </form>
  );
}

function Checks({ report }: { report: { ok: boolean; lines: Parameters<typeof line>[0][] } }) {
  return (
    <>
      <Note tone={report.ok ? "ok" : "bad"}>
        {report.ok ? "The connection works." : "The connection does not work yet. What failed is told below."}
      </Note>
      <ul className="framed checks" aria-label="Checks of the connection">
        {report.lines.map(line)}
      </ul>
    </>
  );
}

function line(one: { check: string; outcome: keyof typeof testWords; message: string }) {
  return (
    <li key={`${one.check} ${one.message}`} className="checks__line">
      <span className="checks__outcome">
        <Status tone={testWords[one.outcome].tone}>{testWords[one.outcome].label}</Status>
      </span>
      <span>
        <span className="checks__name">{one.check}</span>
        <span className="checks__message">{sentence(one.message)}</span>
      </span>
    </li>
  );
}
