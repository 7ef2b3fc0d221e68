import { Group, Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useReadOnly } from "../api/org.tsx";
import { Button } from "./controls.tsx";
import type { useLeaveGuard } from "./draft.ts";

interface SaveBarProps {
  /** How many fields differ from what is saved. */
  changes: number;
  label: string;
  saving: boolean;
  onSave: () => void;
  onCancel: () => void;
  /** Shown although nothing has changed (a new object). */
  always?: boolean;
  text?: string;
  cancelLabel?: string;
  /** What else can be done with what is typed, before "Save". */
  more?: ReactNode;
}

/** Stands at the foot of the page while there is something to save, and somebody who may. */
export function SaveBar({ changes, label, saving, onSave, onCancel, always, text, cancelLabel, more }: SaveBarProps) {
  if (useReadOnly() || (changes === 0 && !always)) return null;
  const counted = changes === 1 ? "1 unsaved change" : `${changes} unsaved changes`;
  return (
    <section className="savebar" aria-label="Unsaved changes">
      <span className="savebar__text" aria-live="polite">
        {text ?? counted}
      </span>
      <Button variant="default" onClick={onCancel} disabled={saving}>
        {cancelLabel ?? "Cancel"}
      </Button>
      {more}
      <Button onClick={onSave} loading={saving}>
        {label}
      </Button>
    </section>
  );
}

export function LeaveDialog({ guard }: { guard: ReturnType<typeof useLeaveGuard> }) {
  return (
    <Modal opened={guard.asking} onClose={guard.stay} title="Leave without saving?">
      <Text>Your changes on this page have not been saved and will be lost.</Text>
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
