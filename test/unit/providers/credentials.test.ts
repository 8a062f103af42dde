import { describe, expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { credentialsChecks } from "../../../providers/credentials";
import { temporaryDirectory } from "../../support/input";

const signs = { ok: "✓", warning: "!", error: "✗" };

/** The finding about the credentials in an environment, and in files below the home directory. */
function message(
  cloud: CloudName,
  environment: Record<string, string>,
  files: Record<string, string> = {},
): string {
  const userHome = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(userHome, name)), { recursive: true });
    writeFileSync(join(userHome, name), text);
  }
  return credentialsChecks[cloud]({
    environment,
    userHome,
    stackDirectory: join(userHome, "stack"),
  })
    .map(({ severity, summary: text, fix = "" }) => `${signs[severity]} ${text} ${fix}`.trim())
    .join("\n")
    .replaceAll(userHome, "~");
}

const id = "11111111-2222-4333-8444-555555555555";
const secret = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const other = "99999999-2222-4333-8444-555555555555";

describe("doctor's check of Scaleway's credentials", () => {
  const all = {
    SCW_ACCESS_KEY: "SCWAAAAAAAAAAAAAAAAA",
    SCW_SECRET_KEY: secret,
    SCW_DEFAULT_PROJECT_ID: id,
  };
  const profile = `access_key: SCWBBBBBBBBBBBBBBBBB\nsecret_key: ${other}\ndefault_project_id: ${other}\n`;
  const file = ".config/scw/config.yaml";

  test("passes with all in the environment", () => {
    expect(message("scaleway", all)).toBe(
      "✓ SCW_ACCESS_KEY, SCW_SECRET_KEY and SCW_DEFAULT_PROJECT_ID are set",
    );
  });

  test("reports one that is missing", () => {
    expect(message("scaleway", { ...all, SCW_SECRET_KEY: "" })).toBe(
      "✗ SCW_SECRET_KEY is not set (SCW_ACCESS_KEY and SCW_DEFAULT_PROJECT_ID are). " +
        "export SCW_SECRET_KEY=…   # console → IAM → API keys",
    );
  });

  test("passes with a profile, the active one or the configured one", () => {
    expect(message("scaleway", {}, { [file]: profile })).toBe(
      `✓ of the profile default of ~/${file}`,
    );
    const two = `active_profile: work\nprofiles:\n  work: { access_key: SCWCCCCCCCCCCCCCCCCC, secret_key: ${id}, default_project_id: ${id} }\n`;
    expect(message("scaleway", {}, { [file]: two })).toBe(`✓ of the profile work of ~/${file}`);
    expect(message("scaleway", { SCW_PROFILE: "home" }, { [file]: two })).toMatch(
      /^✗ SCW_ACCESS_KEY/,
    );
  });

  test("prefers the environment to a profile, and warns of two sources for one login", () => {
    expect(message("scaleway", all, { [file]: profile })).toMatch(
      /^✓ .* are set, and win over the profile default of ~/,
    );
    expect(message("scaleway", { SCW_SECRET_KEY: secret }, { [file]: profile })).toMatch(
      /^! From two places: SCW_SECRET_KEY is set in the environment, .* unset SCW_SECRET_KEY$/,
    );
  });

  test("reports a key in the wrong variable without printing it", () => {
    const words = message("scaleway", { ...all, SCW_ACCESS_KEY: secret });
    expect(words).toContain("✗ SCW_ACCESS_KEY has not the form of one");
    expect(words).not.toContain(secret);
  });
});

describe("doctor's check of OVHcloud's credentials", () => {
  const all = {
    OS_AUTH_URL: "https://auth.cloud.ovh.net/v3",
    OS_TENANT_ID: "t",
    OS_TENANT_NAME: "n",
    OS_USERNAME: "user-1",
    OS_PASSWORD: "hush",
    OS_REGION_NAME: "GRA11",
  };
  const yaml = "clouds:\n  ovh: { auth: {} }\n";

  test("passes with a password, with the project by its id or by its name", () => {
    const { OS_TENANT_ID, OS_REGION_NAME, ...byName } = all;
    expect([OS_TENANT_ID, OS_REGION_NAME]).toEqual(["t", "GRA11"]);
    expect(message("ovh", all)).toMatch(/^✓ OS_AUTH_URL, .* and OS_PASSWORD are set$/);
    expect(message("ovh", byName)).toMatch(/^✓ /);
    expect(message("ovh", { ...byName, OS_TENANT_NAME: "", OS_PROJECT_ID: "t" })).toMatch(/^✓ /);
  });

  test("names what is missing", () => {
    expect(message("ovh", { OS_AUTH_URL: all.OS_AUTH_URL })).toBe(
      "✗ OS_TENANT_ID, OS_TENANT_NAME, OS_USERNAME and OS_PASSWORD are not set (OS_AUTH_URL is). " +
        ". openrc.sh   # or export OS_TENANT_ID=… OS_TENANT_NAME=… OS_USERNAME=… OS_PASSWORD=…",
    );
  });

  test("passes with an application credential, which needs its secret", () => {
    const application = { OS_AUTH_URL: all.OS_AUTH_URL, OS_APPLICATION_CREDENTIAL_ID: "a" };
    expect(message("ovh", application)).toMatch(
      /^✗ For the application credential, OS_APPLICATION_CREDENTIAL_SECRET is not set/,
    );
    expect(message("ovh", { ...application, OS_APPLICATION_CREDENTIAL_SECRET: "s" })).toMatch(
      /^✓ an application credential: /,
    );
  });

  test("prefers OS_CLOUD to the environment, if its file is where the provider looks", () => {
    const place = ".config/openstack/clouds.yaml";
    expect(message("ovh", { OS_CLOUD: "ovh" }, { [place]: yaml })).toBe(
      `✓ the cloud ovh of ~/${place}`,
    );
    expect(message("ovh", { ...all, OS_CLOUD: "ovh" }, { [place]: yaml })).toMatch(
      /^! OS_CLOUD names ovh of ~\S+, which wins over OS_AUTH_URL, .*unset OS_CLOUD/,
    );
    expect(message("ovh", { OS_CLOUD: "other" }, { [place]: yaml })).toMatch(/has no such entry/);
    // Providers run in the stack's directory.
    expect(message("ovh", { OS_CLOUD: "ovh" }, { "clouds.yaml": yaml })).toMatch(
      /^✗ .* there is no ~/,
    );
  });

  test("reports settings that contradict each other", () => {
    expect(message("ovh", { ...all, OS_PROJECT_ID: "u" })).toContain(
      "! OS_TENANT_ID and OS_PROJECT_ID differ: OS_TENANT_ID wins. unset OS_PROJECT_ID",
    );
    expect(message("ovh", { ...all, OS_USER_ID: "u" })).toContain(
      "✗ OS_USERNAME and OS_USER_ID are both",
    );
    const two = {
      ...all,
      OS_APPLICATION_CREDENTIAL_ID: "a",
      OS_APPLICATION_CREDENTIAL_SECRET: "s",
    };
    expect(message("ovh", two)).toMatch(
      /! OS_PASSWORD and OS_APPLICATION_CREDENTIAL_SECRET are set/,
    );
  });
});

describe("doctor's check of Outscale's credentials", () => {
  const all = { OSC_ACCESS_KEY: "A", OSC_SECRET_KEY: "S" };
  const file = ".osc/config.json";
  const profiles = JSON.stringify({ default: { access_key: "B", secret_key: "T" } });

  test("passes with both keys in the environment, and reports a missing one", () => {
    expect(message("outscale", all)).toBe("✓ OSC_ACCESS_KEY and OSC_SECRET_KEY are set");
    expect(message("outscale", { OSC_ACCESS_KEY: "A" })).toMatch(
      /^✗ OSC_SECRET_KEY is not set \(OSC_ACCESS_KEY is\)\./,
    );
    expect(message("outscale", { OUTSCALE_ACCESSKEYID: "A" })).toContain("and not read any more");
  });

  test("reports that a default profile takes precedence over exported keys, since the provider does not", () => {
    expect(message("outscale", {}, { [file]: profiles })).toBe(
      `✓ the profile default of ~/${file}`,
    );
    expect(message("outscale", all, { [file]: profiles })).toMatch(
      /^! The profile default of \S+ wins over OSC_ACCESS_KEY and OSC_SECRET_KEY, without a word.* mv /,
    );
    const same = { OSC_ACCESS_KEY: "B", OSC_SECRET_KEY: "T" };
    expect(message("outscale", same, { [file]: profiles })).toMatch(/^✓ the profile default/);
  });

  test("reports a configured profile or file that does not exist", () => {
    expect(message("outscale", { ...all, OSC_PROFILE: "work" }, { [file]: profiles })).toMatch(
      /^✗ OSC_PROFILE names work, and \S+ has no such profile/,
    );
    expect(message("outscale", { OSC_CONFIG_FILE: "/no/such.json" })).toMatch(
      /^✗ OSC_CONFIG_FILE names/,
    );
  });
});

test("doctor's check of credentials never prints a secret", () => {
  const secrets = { OS_PASSWORD: "hush", OSC_SECRET_KEY: "hush", SCW_SECRET_KEY: "hush" };
  for (const cloud of ["scaleway", "ovh", "outscale"] as const) {
    expect(message(cloud, secrets)).not.toContain("hush");
  }
});
