import { Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";
import type { Made } from "./shownOnce.ts";

/** Shows a token once. It stays until "Got It": neither a click outside, nor Esc, nor another tab closes it. */
export function TokenDialog({ made, where, onClose }: { made: Made | null; where: string; onClose: () => void }) {
  const [last, setLast] = useState(made);
  if (made && made !== last) setLast(made);
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title="Endpoint and Bearer Token"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {last && (
        <>
          <Text mb="md">Enter these in {where}. Keep the token in a safe place, like a password manager.</Text>
          <LabelledCopy label="Endpoint" value={last.endpoint} />
          <LabelledCopy label="Bearer Token" value={last.token} />
          <Note tone="warn">
            The token is shown only now. If it is lost, rotate it: the old one goes on for a while.
          </Note>
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Got It</Button>
      </Group>
    </Modal>
  );
}
