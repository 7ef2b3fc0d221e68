import type { ReactNode } from "react";
import { Checkbox, TextInput } from "../../../ui/controls.tsx";
import { Select, Textarea } from "../../../ui/fields/frequent.tsx";
import { TagsInput } from "../../../ui/fields/TagsInput.tsx";
import type { ApplicationDraft } from "../form.ts";

/** What every part of the form is given. */
export interface FormProps {
  draft: ApplicationDraft;
  set: (patch: Partial<ApplicationDraft>) => void;
  error: (field: keyof ApplicationDraft) => string | undefined;
}

type NamesOf<Value> = {
  [Name in keyof ApplicationDraft]: ApplicationDraft[Name] extends Value ? Name : never;
}[keyof ApplicationDraft];

interface FieldProps<Name> {
  form: FormProps;
  name: Name;
  label: string;
  /** One sentence: what it does, or when it is needed. */
  help: string;
  /** Where it is written down. */
  rfc?: string;
  wide?: boolean;
}

/** A sentence of help with the name of the standard behind it. */
export function Help({ children, rfc }: { children: ReactNode; rfc?: string }) {
  return (
    <>
      {children} {rfc && <span className="rfc">{rfc}</span>}
    </>
  );
}

export function CheckField({
  form,
  name,
  label,
  help,
  rfc,
  disabled,
  forced,
}: FieldProps<NamesOf<boolean>> & { disabled?: boolean; forced?: boolean }) {
  return (
    <Checkbox
      className="span2"
      label={label}
      description={<Help rfc={rfc}>{help}</Help>}
      checked={forced ?? form.draft[name]}
      disabled={disabled}
      error={form.error(name)}
      onChange={(event) => form.set({ [name]: event.currentTarget.checked })}
    />
  );
}

export function TextField({
  form,
  name,
  label,
  help,
  rfc,
  wide = true,
  placeholder,
}: FieldProps<NamesOf<string>> & { placeholder?: string }) {
  return (
    <TextInput
      className={wide ? "span2" : undefined}
      label={label}
      description={<Help rfc={rfc}>{help}</Help>}
      placeholder={placeholder}
      inputMode={placeholder?.startsWith("https:") ? "url" : undefined}
      autoComplete="off"
      spellCheck={false}
      value={form.draft[name]}
      error={form.error(name)}
      onChange={(event) => form.set({ [name]: event.currentTarget.value })}
    />
  );
}

export function JsonField({ form, name, label, help, rfc }: FieldProps<NamesOf<string>>) {
  return (
    <Textarea
      className="span2"
      label={label}
      description={<Help rfc={rfc}>{help}</Help>}
      placeholder={'{ "keys": [ … ] }'}
      minRows={4}
      maxRows={14}
      spellCheck={false}
      classNames={{ input: "m-mono" }}
      value={form.draft[name]}
      error={form.error(name)}
      onChange={(event) => form.set({ [name]: event.currentTarget.value })}
    />
  );
}

export interface Option {
  value: string;
  label: string;
}

/** A choice. An empty value cannot stand in a select, so "nothing said" has a word of its own. */
const NOTHING = "-";

export function ChoiceField({
  form,
  name,
  label,
  help,
  rfc,
  wide,
  options,
  nothing,
}: FieldProps<NamesOf<string>> & { options: readonly Option[]; nothing?: string }) {
  const value = form.draft[name];
  const known = value === "" || options.some((one) => one.value === value);
  const data = [
    ...(nothing ? [{ value: NOTHING, label: nothing }] : []),
    ...options.map(({ value: option, label: text }) => ({ value: option, label: text })),
    ...(known ? [] : [{ value, label: value }]),
  ];
  return (
    <Select
      className={wide ? "span2" : undefined}
      label={label}
      description={<Help rfc={rfc}>{help}</Help>}
      data={data}
      value={value === "" ? NOTHING : value}
      error={form.error(name)}
      onChange={(next) => next && form.set({ [name]: next === NOTHING ? "" : next })}
    />
  );
}

export function WordsField({
  form,
  name,
  label,
  help,
  rfc,
  placeholder,
}: FieldProps<NamesOf<string[]>> & { placeholder: string }) {
  const value = form.draft[name] as string[];
  return (
    <TagsInput
      className="span2"
      label={label}
      description={<Help rfc={rfc}>{help}</Help>}
      placeholder={value.length === 0 ? placeholder : undefined}
      acceptValueOnBlur
      splitChars={[" ", ","]}
      clearable={false}
      value={value}
      error={form.error(name)}
      // What is taken over when the field is left comes as it was typed.
      onChange={(next) => form.set({ [name]: next.map((one) => one.trim()).filter((one) => one !== "") })}
    />
  );
}
