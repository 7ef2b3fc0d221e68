import { IconChevronDown } from "@tabler/icons-react";
import type { PlanDecision } from "../api/types.ts";
import { Button, Menu } from "./controls.tsx";

export interface Choice {
  label: string;
  decision: PlanDecision;
  remoteId?: string;
}

interface DecideProps {
  /** What it is about. */
  name: string;
  decided: boolean;
  choices: Choice[];
  busy: boolean;
  /** A choice that asks for more first. */
  more?: { label: string; disabled?: string; onClick: () => void };
  /** Without a decision it is taken back. */
  onChoose: (choice: { decision?: PlanDecision; remoteId?: string }) => void;
}

/** What is to become of one object of a plan: chosen here, kept, and taken back here. */
export function Decide({ name, decided, choices, busy, more, onChoose }: DecideProps) {
  if (decided) {
    return (
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        disabled={busy}
        aria-label={`Take back the decision about ${name}`}
        onClick={() => onChoose({})}
      >
        Take back
      </Button>
    );
  }
  if (choices.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          aria-label={`Decide about ${name}`}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Decide
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item
            key={choice.label}
            onClick={() => onChoose({ decision: choice.decision, remoteId: choice.remoteId })}
          >
            {choice.label}
          </Menu.Item>
        ))}
        {more && (
          <Menu.Item disabled={Boolean(more.disabled)} title={more.disabled} onClick={more.onClick}>
            {more.label}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
