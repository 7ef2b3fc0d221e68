import { Group, Modal, Text } from "@mantine/core";
import { useOrg } from "../../api/org.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";

export interface MadeSecret {
  clientId: string;
  clientSecret: string;
}

/** Shows a service account's secret once, and how it is used. Only "Got It" closes it. */
export function ServiceAccountSecret({ made, onClose }: { made: MadeSecret | null; onClose: () => void }) {
  const { session } = useOrg();
  const base = session.publicUrl.replace(/\/$/, "");
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title="Service account secret"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {made && (
        <>
          <Text mb="md">
            The program exchanges these for an access token that it then sends as{" "}
            <code className="m-mono">authorization: Bearer …</code> with each request.
          </Text>
          <LabelledCopy label="Client ID" value={made.clientId} />
          <LabelledCopy label="Client Secret" value={made.clientSecret} />
          <LabelledCopy
            label="Example"
            value={`curl -u '${made.clientId}:YOUR_SECRET' -d grant_type=client_credentials ${base}/oauth2/token`}
          />
          <Note tone="warn">The secret is shown only now. If it is lost, make a new one.</Note>
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Got It</Button>
      </Group>
    </Modal>
  );
}
