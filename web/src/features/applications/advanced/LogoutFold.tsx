import { Fold } from "./Fold.tsx";
import { CheckField, type FormProps, TextField } from "./fields.tsx";
import { foldState } from "./state.ts";

/** How the application learns that a session ended. */
export function LogoutFold(form: FormProps) {
  const { draft } = form;
  return (
    <Fold
      title="Logout"
      help="How the application learns that somebody signed out or was suspended."
      {...foldState(form, "logout")}
    >
      <TextField
        form={form}
        name="backchannelLogoutUri"
        label="Back-Channel Logout URI"
        help="Told from server to server, and again until it answers. The surest way."
        rfc="OIDC Back-Channel Logout"
        placeholder="https://app.example.com/logout/backchannel"
      />
      {draft.backchannelLogoutUri !== "" && (
        <CheckField
          form={form}
          name="backchannelLogoutSessionRequired"
          label="The application needs the session (sid)"
          help="It ends that session only, not all of the person."
        />
      )}
      <TextField
        form={form}
        name="frontchannelLogoutUri"
        label="Front-Channel Logout URI"
        help="Opened in the person's browser while they sign out; on the same host as a redirect URI."
        rfc="OIDC Front-Channel Logout"
        placeholder="https://app.example.com/logout/frontchannel"
      />
      {draft.frontchannelLogoutUri !== "" && (
        <CheckField
          form={form}
          name="frontchannelLogoutSessionRequired"
          label="The address needs issuer and session (iss, sid)"
          help="They are added to it."
        />
      )}
    </Fold>
  );
}
