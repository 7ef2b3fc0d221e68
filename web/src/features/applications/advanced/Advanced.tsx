import { Section } from "../../../ui/Page.tsx";
import { AuthenticationFold } from "./AuthenticationFold.tsx";
import { ConsentFold } from "./ConsentFold.tsx";
import type { FormProps } from "./fields.tsx";
import { GrantsFold } from "./GrantsFold.tsx";
import { LogoutFold } from "./LogoutFold.tsx";
import { RequestsFold } from "./RequestsFold.tsx";
import { TokensFold } from "./TokensFold.tsx";
import "./advanced.css";

/** What few applications need. Shut, it is safe as it stands. */
export function Advanced(form: FormProps) {
  return (
    <Section title="Advanced" help="Safe as it stands. Open what the application's makers ask for.">
      <div className="folds">
        <AuthenticationFold {...form} />
        <RequestsFold {...form} />
        <TokensFold {...form} />
        <LogoutFold {...form} />
        <ConsentFold {...form} />
        <GrantsFold {...form} />
      </div>
    </Section>
  );
}
