/** Buckets and objects, from which an image is imported. Bucket names are globally unique. */
import { createHash } from "node:crypto";
import { Refusal, type Value, type Values } from "../../protocol/model";
import { platformIn } from "../image-content";
import type { Account } from "./account";
import { oneOf } from "../checks";
import { bareId } from "./ids";
import type { Bucket, StoredObject } from "./objects";
import { sameId } from "./planning";
import { type Kind } from "./resource";
import { blockOf, isTrue, mapOf, stringOf } from "../values";

export function bucket(account: Account): Kind<Bucket> {
  return {
    objects: account.buckets,
    locality: "region",
    shortName: "bucket",
    replacedBy: ["name", "object_lock_enabled"],
    defaults: { acl: "private", force_destroy: false, object_lock_enabled: false },
    computedBlocks: ["cors_rule", "versioning"],
    checks: {
      values: {
        acl: oneOf("private", "public-read", "public-read-write", "authenticated-read"),
      },
    },

    create(planned, region) {
      const name = stringOf(planned.name) ?? "";
      if (account.buckets.all().some((other) => other.name === name))
        throw s3Error("CreateBucket", 409, "BucketAlreadyExists");
      return {
        ...account.newObject(
          region,
          { name, id: name, projectId: stringOf(planned.project_id) },
          "",
        ),
        objectLock: isTrue(planned.object_lock_enabled),
        ...settingsOf(planned),
      };
    },

    show: (object, given) => ({
      name: object.name,
      acl: given.acl ?? "private",
      force_destroy: isTrue(given.force_destroy),
      object_lock_enabled: object.objectLock,
      tags: tagsShown(object.tagMap, given.tags ?? null),
      endpoint: `https://${object.name}.s3.${object.locality}.scw.cloud`,
      api_endpoint: `https://s3.${object.locality}.scw.cloud`,
      cors_rule: Array.isArray(given.cors_rule) ? given.cors_rule : [],
      versioning: [{ enabled: object.versioning }],
    }),

    update(object, planned) {
      Object.assign(object, settingsOf(planned));
    },

    delete(object, _context, state) {
      const contents = account.storedObjects.all().filter((item) => item.bucket === object.id);
      if (contents.length > 0 && !isTrue(state.force_destroy))
        throw s3Error("DeleteBucket", 409, "BucketNotEmpty");
      for (const item of contents) account.storedObjects.remove(item.id);
    },

    // With a warning.
    keptWhenGone: (id, state) => ({ ...state, name: bareId(id), region: id.split("/")[0] ?? "" }),
  };
}

export function storedObject(account: Account): Kind<StoredObject> {
  return {
    objects: account.storedObjects,
    locality: "region",
    shortName: "object",
    // The provider moves it in place; creating a new object in its place has the same result.
    replacedBy: ["bucket", "key"],
    equal: { bucket: sameId },
    checks: {
      values: { visibility: oneOf("private", "public-read") },
      conflicts: [
        ["file", "content"],
        ["file", "content_base64"],
        ["content", "content_base64"],
      ],
    },

    create(planned, region) {
      const reference = stringOf(planned.bucket) ?? "";
      const place = reference.includes("/") ? (reference.split("/")[0] ?? region) : region;
      const owner = account.buckets.get(`${place}/${bareId(reference)}`);
      if (owner === undefined) throw s3Error("PutObject", 404, "NoSuchBucket");
      const key = stringOf(planned.key) ?? "";
      return {
        ...account.newObject(place, { name: key, id: `${owner.name}/${key}` }, ""),
        bucket: owner.id,
        key,
        platform: contentOf(planned),
        ...objectSettings(planned),
      };
    },

    show: (object, given) => ({
      bucket: object.bucket,
      key: object.key,
      content_type: object.contentType,
      visibility: object.visibility,
      metadata: tagsShown(object.metadata, given.metadata ?? null),
      tags: tagsShown(object.tagMap, given.tags ?? null),
    }),

    update(object, planned) {
      Object.assign(object, objectSettings(planned), { platform: contentOf(planned) });
    },

    delete: () => undefined,
    gone: () => s3Error("HeadObject", 404, "NotFound"),
    objectId: (stateId) => stateId,
  };
}

/** What was uploaded; undefined where no file of that name is on this machine. */
function contentOf({ file }: Values): string | undefined {
  return platformIn(stringOf(file) ?? "");
}

function settingsOf(planned: Values) {
  return {
    acl: stringOf(planned.acl) ?? "private",
    versioning: isTrue(blockOf(planned.versioning)?.enabled),
    tagMap: mapOf(planned.tags),
  };
}

function objectSettings(planned: Values) {
  return {
    contentType: stringOf(planned.content_type) ?? "binary/octet-stream",
    visibility: stringOf(planned.visibility) ?? "private",
    metadata: mapOf(planned.metadata),
    tagMap: mapOf(planned.tags),
  };
}

function tagsShown(tags: Record<string, string>, given: Value): Value {
  return Object.keys(tags).length === 0 && given === null ? null : tags;
}

/** In the format of the AWS SDK, which the provider passes on. */
function s3Error(operation: string, status: number, code: string): Refusal {
  const request = createHash("sha256").update(`${operation} ${code}`).digest("hex").slice(0, 20);
  return new Refusal(
    `operation error S3: ${operation}, https response error StatusCode: ${status}, RequestID: tx${request}, api error ${code}: ${code}`,
  );
}
