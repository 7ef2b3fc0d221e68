import { IconChevronDown } from "@tabler/icons-react";

interface ExpressionChipProps {
  value: string | undefined;
  open: boolean;
  onToggle: () => void;
}

/** The filter of a list that is written as a rule: what it says stands on it. */
export function ExpressionChip({ value, open, onToggle }: ExpressionChipProps) {
  const short = value && value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return (
    <button type="button" className="chip" data-on={value ? true : undefined} aria-expanded={open} onClick={onToggle}>
      {short ? `Expression: ${short}` : "Expression"}
      <IconChevronDown size={14} aria-hidden />
    </button>
  );
}
