import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { page as pageOf } from "../../src/cli/explain/page/page";
import { explained } from "../network/explained";
import { testClouds } from "../support/clouds";
import { publicKey, specOf, temporaryDirectory, type Values } from "../support/input";
import { browser, hasBrowser } from "./browser";

const inBrowser = hasBrowser ? describe : describe.skip;

function inputOf(cloud: (typeof testClouds)[number], nodes: object = cloud.available): Values {
  return {
    cluster_name: "demo",
    admin_ip: ["203.0.113.7", "198.51.100.0/24"],
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: nodes },
  };
}

const pages = new Map<string, Promise<string>>();

/** The address of an input's page, which is written once: most tests use the same. */
function written(given: Values): Promise<string> {
  const key = JSON.stringify(given);
  const page = pages.get(key) ?? write(given);
  pages.set(key, page);
  return page;
}

async function write(given: Values): Promise<string> {
  const spec = specOf(given);
  const html = await pageOf({
    ...(await explained(given)),
    title: "<demo> & co",
    source: "what tofu.tfvars asks for",
    spec,
    isOfState: false,
  });
  const file = join(temporaryDirectory(), "demo.html");
  writeFileSync(file, html);
  return pathToFileURL(file).href;
}

inBrowser("the page, in a browser", () => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await browser();
  });
  afterAll(() => chromium.close());

  async function open(given: Values, view: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await chromium.newPage({ viewport: { width: 1100, height: 900 }, ...view });
    await page.goto(await written(given));
    return page;
  }

  const box = (id: string) => `.box[data-id="${id}"]`;
  const flow = (page: Page) => page.locator("#flow").innerText();

  test.each(testClouds)(
    "the page of $name shows the resources, and makes no request",
    async (cloud) => {
      const page = await chromium.newPage();
      const asked: string[] = [];
      const problems: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => problems.push(message.text()));
      const url = await written(inputOf(cloud));
      await page.goto(url);
      expect(asked).toEqual([url]);
      expect(problems).toEqual([]);
      const svg = await page.locator("svg").innerHTML();
      for (const text of ["bastion", "API load balancer", "NAT gateway", "3 control planes"]) {
        expect(svg).toContain(text);
      }
      for (const node of ["control-plane-2", "worker-1"]) expect(svg).toContain(node);
      expect(await page.locator("h1").innerText()).toBe("<demo> & co");
      expect(await page.locator(".promises li.broken").count()).toBe(0);
      await page.close();
    },
  );

  test("every label is inside its box, and no box covers another", async () => {
    for (const cloud of testClouds) {
      const page = await open(inputOf(cloud));
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll<SVGGElement>(".box")].flatMap((group) => {
          const frame = group.querySelector("rect")?.getBoundingClientRect();
          return [...group.querySelectorAll("text")]
            .filter((text) => text.getBoundingClientRect().right > (frame?.right ?? 0))
            .map((text) => text.textContent);
        }),
      );
      expect(outside).toEqual([]);
      const overlaps = await page.evaluate(() => {
        const all = [...document.querySelectorAll(".box rect")].map((one) =>
          one.getBoundingClientRect(),
        );
        return all.filter((one, index) =>
          all.some(
            (other, at) =>
              at > index &&
              one.left < other.right &&
              other.left < one.right &&
              one.top < other.bottom &&
              other.top < one.bottom,
          ),
        ).length;
      });
      expect(overlaps).toBe(0);
      await page.close();
    }
  });

  test("hovering over an arrow highlights it and names the rule", async () => {
    const page = await open(inputOf(testClouds[0] ?? raise()));
    const arrow = page.locator('.arrow[data-from="admin"][data-to="balancer"]');
    await arrow.dispatchEvent("pointerenter");
    expect(await arrow.getAttribute("class")).toContain("on");
    expect(await flow(page)).toContain("6443/tcp – scaleway_lb_frontend.api acl admin");
    expect(await page.locator(".arrow.on").count()).toBe(1);
    await arrow.dispatchEvent("pointerleave");
    expect(await page.locator(".on").count()).toBe(0);
    await page.close();
  });

  test("two boxes selected one after the other list what passes between them, and what does not", async () => {
    const page = await open(inputOf(testClouds[0] ?? raise()));
    await page.locator(box("bastion")).click();
    await page.locator(box("control-plane")).click();
    const words = await flow(page);
    expect(words).toContain("bastion → 3 control planes");
    expect(words).toContain("50000/tcp – NetworkRuleConfig apid of control-plane-*");
    expect(words).toMatch(/refused: .*2379\/tcp/);
    await page.keyboard.press("Escape");
    expect(await flow(page)).toContain("Point at a box");
    await page.close();
  });

  test("the page can be used with the keyboard alone", async () => {
    const page = await open(inputOf(testClouds[0] ?? raise()));
    await page.locator(box("admin")).focus();
    await page.keyboard.press("Enter");
    await page.locator(box("bastion")).focus();
    expect(await flow(page)).toContain("22/tcp – scaleway_instance_security_group.bastion");
    await page.close();
  });

  test("a phone shows the page without horizontal scrolling, except for the picture and the tables", async () => {
    const page = await open(inputOf(testClouds[2] ?? raise()), {
      viewport: { width: 390, height: 844 },
    });
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
    await page.close();
  });

  test("in dark mode the text is light on dark; on paper only what needs a pointer is hidden", async () => {
    const page = await open(inputOf(testClouds[1] ?? raise()), { colorScheme: "dark" });
    const colours = () =>
      page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        const light = (text: string) =>
          (text.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, one) => sum + Number(one), 0);
        return [light(color), light(backgroundColor)];
      });
    const [ink = 0, paper = 0] = await colours();
    expect(ink - paper).toBeGreaterThan(400);
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    expect(await page.locator("#flow").isVisible()).toBe(false);
    expect(await page.locator("svg").isVisible()).toBe(true);
    await page.close();
  });

  test("a page of a hundred nodes fits: each zone names some and counts the rest", async () => {
    const cloud = testClouds[0] ?? raise();
    const nodes = { ...cloud.available, workers: 97, instance_type: cloud.plentifulType };
    const page = await open(inputOf(cloud, nodes));
    const svg = await page.locator("svg").innerHTML();
    expect(svg).toContain("97 workers");
    expect(svg).toMatch(/and \d+ more/);
    const size = await page.evaluate(() => document.documentElement.outerHTML.length);
    expect(size).toBeLessThan(2 ** 20);
    await page.close();
  });
});

function raise(): never {
  throw new Error("there is no such cloud");
}
