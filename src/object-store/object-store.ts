import { createHash } from "node:crypto";
import { type FileHandle, open as openFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NotFound,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { type Bucket, credentialsOf } from "./bucket";
import { ObjectStoreError } from "./object-store-error";

// The SDK warns on Node 20, which this release supports and later ones will not.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** In milliseconds: until a connection stands, and between two signs of life on it. */
const connectionTimeout = 10_000;
const silence = 30_000;
/** The SDK's own default, by exponential delays: what passes by itself is over by then. */
const attempts = 3;
/** In milliseconds, before a file is sent again; twice as long before the third time. */
const firstPause = 500;
/** What the SDK has to say of a failed request is in its error. */
const quiet = () => undefined;
const noLog = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

export interface StoredObject {
  readonly body: Buffer;
  readonly written: Date;
}

export interface PutOptions {
  /** Refuse to replace an object. @default false */
  readonly ifAbsent?: boolean;
}

/** A bucket and the objects in it. All methods throw ObjectStoreError. */
export class ObjectStore {
  private readonly client: S3Client;

  /** @throws ObjectStoreError where there are no credentials for it */
  constructor(
    readonly bucket: Bucket,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    const { endpoint, region, profile } = bucket;
    const credentials =
      profile === undefined ? credentialsOf(bucket, environment) : fromIni({ profile });
    if (credentials === undefined) throw ObjectStoreError.withoutCredentials(bucket);
    this.client = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      maxAttempts: attempts,
      // OVHcloud's and Outscale's stores refuse the SDK's newer checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: {
        connectionTimeout,
        requestTimeout: silence,
        socketTimeout: silence,
        throwOnRequestTimeout: true,
      },
      logger: noLog,
    });
  }

  /** Undefined where there is no such object. */
  async get(key: string): Promise<StoredObject | undefined> {
    try {
      const { Body, LastModified } = await this.client.send(
        new GetObjectCommand({ ...this.named, Key: key }),
      );
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { body: Buffer.from(bytes), written: LastModified ?? new Date(0) };
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw ObjectStoreError.of(error, this.bucket);
    }
  }

  /** When an object was written; undefined where there is none. */
  async writtenAt(key: string): Promise<Date | undefined> {
    try {
      const { LastModified } = await this.client.send(
        new HeadObjectCommand({ ...this.named, Key: key }),
      );
      return LastModified ?? new Date(0);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw ObjectStoreError.of(error, this.bucket);
    }
  }

  /** @returns false where it was to be absent and is not */
  async put(key: string, body: string | Uint8Array, options: PutOptions = {}): Promise<boolean> {
    const condition = options.ifAbsent === true ? { IfNoneMatch: "*" } : {};
    try {
      await this.client.send(
        new PutObjectCommand({ ...this.named, Key: key, Body: Buffer.from(body), ...condition }),
      );
      return true;
    } catch (error) {
      const refusal = ObjectStoreError.of(error, this.bucket);
      if (options.ifAbsent === true && refusal.problem === "precondition") return false;
      throw refusal;
    }
  }

  /** A file of at most 5 GiB, which is sent as it is read. */
  async putFile(key: string, file: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.sendFile(key, file);
        return;
      } catch (error) {
        // The SDK does not repeat a stream.
        const { problem } = ObjectStoreError.of(error, this.bucket);
        const mayPass = problem === "unreachable" || problem === "other";
        if (!mayPass || attempt === attempts) throw error;
        await pause(firstPause * attempt);
      }
    }
  }

  private async sendFile(key: string, file: string): Promise<void> {
    const body = await openFile(file);
    try {
      const { size } = await body.stat();
      // Some stores keep what has arrived where the sender dies, unless it has a digest.
      const ContentMD5 = await md5(body);
      const Body = body.createReadStream({ autoClose: false, start: 0 });
      const command = new PutObjectCommand({
        ...this.named,
        Key: key,
        Body,
        ContentLength: size,
        ContentMD5,
      });
      // Until the answer it may take as long as the file needs; silence ends it.
      await this.client.send(command, { requestTimeout: 0 });
    } catch (error) {
      throw ObjectStoreError.of(error, this.bucket);
    } finally {
      await body.close();
    }
  }

  /** An object as it arrives; undefined where there is none. */
  async stream(key: string): Promise<AsyncIterable<Buffer> | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ ...this.named, Key: key }));
      return this.received(Body as unknown as AsyncIterable<Buffer>);
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw ObjectStoreError.of(error, this.bucket);
    }
  }

  private async *received(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* body;
    } catch (error) {
      throw ObjectStoreError.of(error, this.bucket);
    }
  }

  /** An address from which anyone gets an object, for so many seconds. */
  async presign(key: string, seconds: number): Promise<string> {
    const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
    return getSignedUrl(this.client, new GetObjectCommand({ ...this.named, Key: key }), {
      expiresIn: seconds,
    });
  }

  /** Does nothing where there is no such object. */
  async delete(key: string): Promise<void> {
    await this.send(new DeleteObjectCommand({ ...this.named, Key: key }));
  }

  /** The keys that begin so, in alphabetical order. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for (let from: string | undefined; ;) {
      const { Contents, NextContinuationToken } = await this.send(
        new ListObjectsV2Command({ ...this.named, Prefix: prefix, ContinuationToken: from }),
      );
      keys.push(...(Contents ?? []).flatMap(({ Key }) => Key ?? []));
      from = NextContinuationToken;
      if (from === undefined) return keys;
    }
  }

  /** Whether these credentials see it: another account's bucket is refused, with the problem "denied". */
  async exists(): Promise<boolean> {
    try {
      await this.client.send(new HeadBucketCommand(this.named));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw ObjectStoreError.of(error, this.bucket);
    }
  }

  /** Private, as every bucket is that nothing else is said of. */
  async create(): Promise<void> {
    await this.send(new CreateBucketCommand(this.named));
  }

  /** Whether it keeps what is replaced or deleted. */
  async keepsVersions(): Promise<boolean> {
    const { Status } = await this.send(new GetBucketVersioningCommand(this.named));
    return Status === "Enabled";
  }

  async keepVersions(): Promise<void> {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await this.send(new PutBucketVersioningCommand({ ...this.named, VersioningConfiguration }));
  }

  /** Deletes the bucket, with every version of every object in it: at most a thousand. */
  async remove(): Promise<void> {
    const listed = await this.send(new ListObjectVersionsCommand(this.named));
    for (const { Key, VersionId } of [
      ...(listed.Versions ?? []),
      ...(listed.DeleteMarkers ?? []),
    ]) {
      await this.send(new DeleteObjectCommand({ ...this.named, Key, VersionId }));
    }
    await this.send(new DeleteBucketCommand(this.named));
  }

  /** Ends its connections. */
  close(): void {
    this.client.destroy();
  }

  private get named(): { readonly Bucket: string } {
    return { Bucket: this.bucket.name };
  }

  private get send(): S3Client["send"] {
    const send = this.client.send.bind(this.client) as (command: never) => Promise<never>;
    return (async (command: never) => {
      try {
        return await send(command);
      } catch (error) {
        throw ObjectStoreError.of(error, this.bucket);
      }
    }) as S3Client["send"];
  }
}

/** In base64, as the header Content-MD5 has it: the one digest that every store checks. */
async function md5(file: FileHandle): Promise<string> {
  const hash = createHash("md5");
  for await (const part of file.createReadStream({ autoClose: false, start: 0 }))
    hash.update(part as Buffer);
  return hash.digest("base64");
}
