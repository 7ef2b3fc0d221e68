import { Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addSamlCertificate, deleteSamlCertificate, samlQuery } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import type { Application, ApplicationSaml, SamlCertificate } from "../../../api/types.ts";
import { useConfirm } from "../../../ui/Confirm.tsx";
import { CopyButton } from "../../../ui/Copy.tsx";
import { Button } from "../../../ui/controls.tsx";
import { DataTable } from "../../../ui/DataTable.tsx";
import { Radio, Textarea } from "../../../ui/fields/frequent.tsx";
import { NumberInput } from "../../../ui/fields/NumberInput.tsx";
import { Failure, fieldError, Note } from "../../../ui/Note.tsx";
import { done, failed } from "../../../ui/notify.ts";
import { Status, type StatusTone } from "../../../ui/Status.tsx";
import { Ago } from "../../../ui/time.tsx";

const states: Record<SamlCertificate["state"], { tone: StatusTone; word: string }> = {
  active: { tone: "ok", word: "Signs" },
  next: { tone: "waiting", word: "Signs later" },
  retiring: { tone: "muted", word: "Signs no more" },
};

/** How long before its end a certificate is warned of, in milliseconds. */
const WARNED_MS = 60 * 86_400_000;

const day = (at: string) => new Date(at).toLocaleDateString(undefined, { dateStyle: "medium" });

/** The certificates that answers are checked with: all that the metadata names, the signing one first. */
export function Certificates({ application, saml }: { application: Application; saml: ApplicationSaml }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [adding, setAdding] = useState(false);
  const show = (answer: ApplicationSaml) => {
    client.setQueryData([...samlQuery(api, application._id).queryKey], () => answer);
  };
  const remove = async (certificate: SamlCertificate) => {
    const yes = await confirm({
      title: "Delete this certificate?",
      body:
        certificate.state === "active"
          ? "Answers are signed with another one from now on. Where the service provider does not have that one, nobody can sign in."
          : "It leaves the metadata, and its private key is gone for good.",
      confirm: "Delete certificate",
      danger: true,
    });
    if (!yes) return;
    try {
      show(await deleteSamlCertificate(api, application._id, certificate.id));
      done("The certificate is deleted.");
    } catch (error) {
      failed(error);
    }
  };
  const ending = saml.certificates.find(
    (one) => one.state === "active" && new Date(one.notAfter).getTime() - Date.now() < WARNED_MS,
  );
  return (
    <div className="block">
      <h3 className="caps">IDP CERTIFICATE</h3>
      <p className="section__help" style={{ marginBottom: 10 }}>
        The X.509 certificate that the service provider checks answers with.
      </p>
      {ending && (
        <Note tone="warn">
          The certificate that signs ends on {day(ending.notAfter)}. Add the next one, and give it to the service
          provider before.
        </Note>
      )}
      <DataTable<SamlCertificate>
        label="IdP certificates"
        rows={saml.certificates}
        id={(one) => one.id}
        empty="No certificate."
        columns={[
          {
            key: "fingerprint",
            label: "SHA-256",
            kind: "lead",
            render: (one) => (
              <span>
                <span className="m-mono" title={one.fingerprint}>
                  {one.fingerprint.slice(0, 17)}…
                </span>
                <span className="table__sub">{one.own ? "This application's own" : "The organization's"}</span>
              </span>
            ),
          },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (one) => <Status tone={states[one.state].tone}>{states[one.state].word}</Status>,
          },
          {
            key: "known",
            label: "Does the service provider have it?",
            render: (one) => (
              <span>
                {one.known}
                {one.knownAt && (
                  <span className="table__sub">
                    <Ago at={one.knownAt} />
                  </span>
                )}
              </span>
            ),
          },
          { key: "until", label: "Valid until", kind: "tight", render: (one) => day(one.notAfter) },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (one) => (
              <Group gap={6} wrap="nowrap" justify="flex-end">
                <CopyButton text={one.certificate} of="certificate" />
                {one.own && (
                  <Button size="xs" variant="subtle" color="gray" onClick={() => void remove(one)}>
                    Delete
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      <Button variant="default" mt={12} onClick={() => setAdding(true)}>
        Add certificate
      </Button>
      {adding && <AddCertificate application={application} onAdded={show} onClose={() => setAdding(false)} />}
    </div>
  );
}

interface AddCertificateProps {
  application: Application;
  onAdded: (saml: ApplicationSaml) => void;
  onClose: () => void;
}

/** A certificate of the application's own: made here, or brought along with its key. */
function AddCertificate({ application, onAdded, onClose }: AddCertificateProps) {
  const { api } = useOrg();
  const [how, setHow] = useState("generate");
  const [certificate, setCertificate] = useState("");
  const [privateKey, setPrivateKey] = useState("");
  const [days, setDays] = useState<number | string>(7);
  const add = useMutation({
    mutationFn: () =>
      addSamlCertificate(api, application._id, {
        ...(how === "upload" ? { certificate, privateKey } : {}),
        signsAfterDays: Number(days) || 0,
      }),
    onSuccess: (answer) => {
      onAdded(answer);
      onClose();
      done("The certificate is in the metadata.");
    },
  });
  const mono = { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } };
  return (
    <Modal opened onClose={onClose} title="Add certificate" size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Failure error={add.error} known={["certificate", "privateKey", "signsAfterDays"]} />
        <Stack gap={16}>
          <Radio.Group aria-label="Where it comes from" value={how} onChange={setHow}>
            <Stack gap={8}>
              <Radio value="generate" label="Make a new one" />
              <Radio value="upload" label="Use my own, with its private key" />
            </Stack>
          </Radio.Group>
          {how === "upload" && (
            <>
              <Textarea
                label="Certificate"
                placeholder="-----BEGIN CERTIFICATE-----"
                autosize
                minRows={3}
                maxRows={8}
                spellCheck={false}
                styles={mono}
                value={certificate}
                error={fieldError(add.error, "certificate")}
                onChange={(event) => setCertificate(event.currentTarget.value)}
              />
              <Textarea
                label="Private key"
                description="PKCS#8, not encrypted. It is stored encrypted and never shown again."
                placeholder="-----BEGIN PRIVATE KEY-----"
                autosize
                minRows={3}
                maxRows={8}
                spellCheck={false}
                styles={mono}
                value={privateKey}
                error={fieldError(add.error, "privateKey")}
                onChange={(event) => setPrivateKey(event.currentTarget.value)}
              />
            </>
          )}
          <NumberInput
            label="Signs after (days)"
            description="Until then it stands in the metadata beside the present one, so that the service provider can take it over."
            min={0}
            max={365}
            value={days}
            error={fieldError(add.error, "signsAfterDays")}
            onChange={setDays}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add certificate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
