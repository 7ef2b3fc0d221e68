// An address that tells the metadata of a SAML service provider, as the test says.
import { createServer } from "node:http";
import { freePort } from "./port.ts";

export class MetadataServer {
  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
    private readonly said: { text: string | undefined },
  ) {}

  static async start(): Promise<MetadataServer> {
    const port = await freePort();
    const said: { text: string | undefined } = { text: undefined };
    const server = createServer((_, response) => {
      response.writeHead(said.text === undefined ? 503 : 200, { "content-type": "application/samlmetadata+xml" }).end(said.text);
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const stop = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return new MetadataServer(`http://127.0.0.1:${port}/metadata`, stop, said);
  }

  /** From now on it tells these ACS URLs; without any it fails. */
  says(entityId: string, ...acs: string[]): void {
    const services = acs.map(
      (url, index) =>
        `<AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${url}" index="${index}"/>`,
    );
    this.said.text =
      acs.length === 0
        ? undefined
        : `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${services.join("")}</SPSSODescriptor></EntityDescriptor>`;
  }
}
