import { Group, Modal, Text } from "@mantine/core";
import { useOrg } from "../../api/org.tsx";
import { CopyField } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";

export interface Link {
  kind: "activation" | "reset";
  url: string;
  email: string;
}

const words = {
  activation: { title: "Activation link", does: "choose a password and start", label: "Activation link" },
  reset: { title: "Password reset link", does: "choose a new password", label: "Password reset link" },
};

/** No mail is configured, so the administrator hands the link over. */
export function LinkDialog({ link, onClose }: { link: Link | null; onClose: () => void }) {
  const { session } = useOrg();
  const said = words[link?.kind ?? "activation"];
  return (
    <Modal opened={link !== null} onClose={onClose} title={said.title} size="lg" closeOnClickOutside={false}>
      <Text mb="md">
        {!session.mailConfigured && "Muster has no mail server set up, so nothing was sent. "}
        Give this link to {link?.email} yourself, over a channel that only they read: whoever opens it can {said.does}.
        It works once.
      </Text>
      {link && <CopyField label={said.label} value={link.url} />}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Modal>
  );
}
