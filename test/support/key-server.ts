import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const prefix = "vault:v1:";
const token = "s.test-of-a-token-of-openbao";
const ivLength = 12;

/** Data that a caller sends, or that is answered. */
type Data = Readonly<Record<string, string>>;

/**
 * The two calls of OpenBao's transit engine that OpenTofu makes, on loopback: a data key, and the same from
 * its encrypted form. https://openbao.org/api-docs/secret/transit/
 */
export class KeyServer {
  /** The token's variable. */
  readonly environment = { BAO_TOKEN: token };
  /** OpenBao's own key, which never leaves it. */
  private key = randomBytes(32);

  private constructor(private readonly server: Server) {
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => {
      void this.answer(asked, answer);
    });
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    const keys = new KeyServer(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return keys;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Its key is deleted: nothing is decrypted any more. */
  loseKey(): void {
    this.key = randomBytes(32);
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const reply = (status: number, body: object) => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(body));
    };
    if (asked.headers["x-vault-token"] !== token) {
      reply(403, { errors: ["permission denied"] });
      return;
    }
    const data = this.take(asked.url ?? "", JSON.parse(Buffer.concat(chunks).toString()) as Data);
    if (data === undefined) reply(400, { errors: ["invalid ciphertext: unable to decrypt"] });
    else reply(200, { data });
  }

  private take(path: string, { ciphertext = "" }: Data): Data | undefined {
    if (path === "/v1/transit/datakey/plaintext/openaether") {
      const dataKey = randomBytes(32);
      return { plaintext: dataKey.toString("base64"), ciphertext: this.encrypted(dataKey) };
    }
    if (path !== "/v1/transit/decrypt/openaether") return undefined;
    const dataKey = this.decrypted(ciphertext);
    return dataKey && { plaintext: dataKey.toString("base64") };
  }

  private encrypted(dataKey: Buffer): string {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv("aes-256-gcm", this.key, iv);
    const bytes = Buffer.concat([iv, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
    return prefix + bytes.toString("base64");
  }

  private decrypted(ciphertext: string): Buffer | undefined {
    const bytes = Buffer.from(ciphertext.slice(prefix.length), "base64");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, ivLength));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(ivLength, -16)), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}
