import { Checkbox } from "../../ui/controls.tsx";
import type { Draft } from "../../ui/draft.ts";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { Section } from "../../ui/Page.tsx";
import type { OrganizationDraft } from "./organizationForm.ts";

type NumberName = "minLength" | "expiresDays" | "historyCount";
type SwitchName =
  | "lowercase"
  | "uppercase"
  | "numeric"
  | "symbolic"
  | "noCommon"
  | "noUsername"
  | "expires"
  | "history";

export function toNumber(value: string | number): number | "" {
  return typeof value === "number" ? value : "";
}

interface PasswordRulesProps {
  draft: Draft<OrganizationDraft>;
  error: (name: keyof OrganizationDraft) => string | undefined;
}

/** What a password has to be like. */
export function PasswordRules({ draft, error }: PasswordRulesProps) {
  const { value, set } = draft;
  const number = (name: NumberName, label: string, min: number, max: number) => (
    <NumberInput
      label={label}
      min={min}
      max={max}
      allowDecimal={false}
      value={value[name]}
      error={error(name)}
      onChange={(next) => set({ [name]: toNumber(next) })}
    />
  );
  const check = (name: SwitchName, label: string, wide = true) => (
    <div className={wide ? "span2" : undefined}>
      <Checkbox
        label={label}
        checked={value[name]}
        onChange={(event) => set({ [name]: event.currentTarget.checked })}
      />
    </div>
  );
  return (
    <Section
      title="Passwords"
      help="Length matters most. Accounts are locked for a while after too many wrong passwords."
    >
      <div className="fields">
        {number("minLength", "Minimum length", 8, 64)}
        {check("noCommon", "Refuse passwords that are quickly guessed")}
        {check("noUsername", "Refuse passwords that contain the username")}
        {check("lowercase", "A lowercase letter is needed", false)}
        {check("uppercase", "An uppercase letter is needed", false)}
        {check("numeric", "A digit is needed", false)}
        {check("symbolic", "A symbol is needed", false)}
        {check("expires", "Passwords expire")}
        {value.expires && number("expiresDays", "Days until a password expires", 1, 3650)}
        {check("history", "Old passwords may not be used again")}
        {value.history && number("historyCount", "How many are remembered", 1, 50)}
      </div>
    </Section>
  );
}
