// A program without a browser of its own, a television for example, written with npm openid-client: it shows a code and
// asks until the person has said something (RFC 8628).
import * as oidc from "openid-client";

export class Device {
  private constructor(
    private readonly provider: oidc.Configuration,
    private readonly begun: oidc.DeviceAuthorizationResponse,
  ) {}

  /** Asks the organization for a code. */
  static async start(issuer: string, clientId: string, scope: string): Promise<Device> {
    const provider = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });
    return new Device(provider, await oidc.initiateDeviceAuthorization(provider, { scope }));
  }

  /** What stands on its screen. */
  get shows(): { code: string; address: string } {
    return { code: this.begun.user_code, address: this.begun.verification_uri };
  }

  /** The address of the picture that can be photographed instead of typing. */
  get complete(): string {
    return this.begun.verification_uri_complete ?? "";
  }

  /** Asks in the rhythm it was told, until it gets tokens or is refused; whom it is signed in as, by userinfo. */
  async wait(): Promise<{ claims: oidc.UserInfoResponse; refreshed: boolean }> {
    const tokens = await oidc.pollDeviceAuthorizationGrant(this.provider, this.begun);
    const subject = tokens.claims()?.sub ?? "";
    const claims = await oidc.fetchUserInfo(this.provider, tokens.access_token, subject);
    if (!tokens.refresh_token) return { claims, refreshed: false };
    const next = await oidc.refreshTokenGrant(this.provider, tokens.refresh_token);
    return { claims, refreshed: next.access_token !== tokens.access_token };
  }

  /** The OAuth error that it is refused with. */
  async refused(): Promise<string> {
    const answer = this.wait().then(() => "no error at all");
    return answer.catch((error: unknown) => (error instanceof oidc.ResponseBodyError ? error.error : String(error)));
  }
}
