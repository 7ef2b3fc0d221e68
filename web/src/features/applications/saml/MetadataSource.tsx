import { Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decideSamlMetadata, forgetSamlMetadata, readSamlMetadata, samlQuery } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import type { Application, ApplicationSaml, SamlMetadataChange, SamlMetadataSource } from "../../../api/types.ts";
import { useConfirm } from "../../../ui/Confirm.tsx";
import { Button } from "../../../ui/controls.tsx";
import { Failure, Note } from "../../../ui/Note.tsx";
import { done } from "../../../ui/notify.ts";
import { Ago } from "../../../ui/time.tsx";
import "./metadata.css";

interface MetadataSourceProps {
  application: Application;
  source: SamlMetadataSource;
  /** While there are edits: what the metadata says would be lost among them. */
  disabled: boolean;
}

/** Where the service provider's metadata is read again every day, and a change of it that waits. */
export function MetadataSource({ application, source, disabled }: MetadataSourceProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const act = useMutation({
    mutationFn: (what: () => Promise<ApplicationSaml>) => what(),
    onSuccess: (saml) => client.setQueryData([...samlQuery(api, application._id).queryKey], () => saml),
  });
  const read = () => act.mutate(() => readSamlMetadata(api, application._id));
  const forget = async () => {
    const yes = await confirm({
      title: "Stop reading this metadata?",
      body: "The settings stay as they are. A new certificate of the service provider has to be entered by hand then.",
      confirm: "Stop reading",
    });
    if (yes) act.mutate(() => forgetSamlMetadata(api, application._id));
  };
  const decide = (digest: string, approve: boolean) =>
    act.mutate(() => decideSamlMetadata(api, application._id, { digest, approve }), {
      onSuccess: () => done(approve ? "The metadata is taken over." : "The settings stay as they are."),
    });
  return (
    <div className="block metadata-source">
      <h3 className="caps">METADATA ADDRESS</h3>
      <Failure error={act.error} />
      {source.held && <Held held={source.held} disabled={disabled || act.isPending} decide={decide} />}
      {source.failure && (
        <Note tone="warn">
          It could not be read <Ago at={source.failedAt ?? source.readAt} />: {source.failure}. Next try:{" "}
          <Ago at={source.nextAt} />
        </Note>
      )}
      <dl className="facts">
        <dt>Address</dt>
        <dd>{source.url}</dd>
        <dt>Last read</dt>
        <dd>
          <Ago at={source.readAt} />
        </dd>
      </dl>
      <Group gap={8}>
        <Button variant="default" size="xs" loading={act.isPending} onClick={read}>
          Read now
        </Button>
        <Button variant="subtle" color="gray" size="xs" onClick={() => void forget()}>
          Stop reading
        </Button>
      </Group>
    </div>
  );
}

interface HeldProps {
  held: SamlMetadataChange;
  disabled: boolean;
  decide: (digest: string, approve: boolean) => void;
}

function Held({ held, disabled, decide }: HeldProps) {
  return (
    <section className="metadata-change" aria-label="Changed metadata">
      <Note tone="warn">
        The service provider&rsquo;s metadata says something else since <Ago at={held.seenAt} />. Nothing of it counts
        until you approve it: make sure that the change is the service provider&rsquo;s.
      </Note>
      {held.differences.map((one) => (
        <div key={one.field} className="metadata-change__row">
          <h4>{one.field}</h4>
          <dl>
            <dt>Now</dt>
            <dd>{lines(one.from)}</dd>
            <dt>Would be</dt>
            <dd>{lines(one.to)}</dd>
          </dl>
        </div>
      ))}
      <Group gap={8}>
        <Button size="xs" disabled={disabled} onClick={() => decide(held.digest, true)}>
          Approve
        </Button>
        <Button size="xs" variant="default" disabled={disabled} onClick={() => decide(held.digest, false)}>
          Reject
        </Button>
      </Group>
    </section>
  );
}

const lines = (values: string[]) =>
  values.length === 0 ? "none" : values.map((value) => <div key={value}>{value}</div>);
