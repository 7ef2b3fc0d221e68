import { Group, Modal, Text } from "@mantine/core";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";

interface SavedDialogProps {
  title: string;
  opened: boolean;
  clientId: string | undefined;
  clientSecret: string | undefined;
  onClose: () => void;
}

/** Shows a secret once. It stays until "Got It": neither a click outside, nor Esc, nor another tab closes it. */
export function SavedDialog({ title, opened, clientId, clientSecret, onClose }: SavedDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {clientSecret ? (
        <>
          <Text mb="md">Enter these in the application. Keep the secret in a safe place, like a password manager.</Text>
          {clientId && <LabelledCopy label="Client ID" value={clientId} />}
          <LabelledCopy label="Client Secret" value={clientSecret} />
          <Note tone="warn">The secret is shown only now. If it is lost, make a new one on the SSO tab.</Note>
        </>
      ) : (
        <>
          <Text mb="md">
            The application is public: it has no secret and proves each sign-in with PKCE. Enter the client ID in it.
          </Text>
          {clientId && <LabelledCopy label="Client ID" value={clientId} />}
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Got It</Button>
      </Group>
    </Modal>
  );
}
