// The page of `rolecall graph --format html` in a real browser, and the flowchart of `--format mermaid` drawn by Mermaid:
// they draw, filter and follow the keyboard, ask nobody for anything, and names from templates are text.
//
//   cargo xtask integration --only browser
//
// which is, by hand:
//
//   apt-get install chromium
//   npm install --prefix DIR puppeteer-core mermaid
//   NODE_PATH=DIR/node_modules node tests/browser/page.cjs target/debug/rolecall /usr/bin/chromium
//
// It ends with status 0 where all holds, and prints what does not.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const puppeteer = require("puppeteer-core");

const [rolecall, chromium] = process.argv.slice(2).map((one) => path.resolve(one));
const repository = path.resolve(__dirname, "../..");
const example = path.join(repository, "examples/aks-byo-identities");
const names = JSON.parse(fs.readFileSync(path.join(repository, "tests/hostile-names.json"), "utf8"));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rolecall-page-"));

// The example, whose production parameters are wrong, with its cluster and its kubelet identity named so in those.
const workspace = (name) => {
  const at = fs.mkdtempSync(path.join(folder, "w-"));
  for (const file of fs.readdirSync(example)) fs.copyFileSync(path.join(example, file), path.join(at, file));
  const file = path.join(at, "azuredeploy.parameters.prod.json");
  const text = JSON.parse(fs.readFileSync(file, "utf8"));
  text.parameters.clusterName = text.parameters.kubeletIdentityName = { value: name };
  fs.writeFileSync(file, JSON.stringify(text));
  return at;
};
const graph = (at, format) => execFileSync(rolecall, ["graph", "--format", format], { cwd: at, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

const open = async (browser, html) => {
  const file = path.join(folder, "page.html");
  fs.writeFileSync(file, html);
  const page = await browser.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("dialog", (dialog) => trouble.push(dialog.message()));
  page.on("request", (request) => request.url() === pathToFileURL(file).href || request.url().startsWith("data:") || trouble.push(request.url()));
  await page.setViewport({ width: 1400, height: 900 });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.querySelector("#graph")._cyreg?.cy.nodes().nonempty());
  return { page, trouble };
};
const rows = (page) => page.$$eval("#list button", (all) => all.map((one) => one.textContent));
const classes = (page, name) => page.evaluate((name) => document.querySelector("#graph")._cyreg.cy.nodes(`.${name}`).map((one) => one.data("label")), name);

const checks = {
  "it draws the identities, permissions and scopes": async ({ page }) => {
    const kinds = await page.evaluate(() => document.querySelector("#graph")._cyreg.cy.nodes().map((one) => one.data("kind")));
    for (const kind of ["cluster", "identity", "permission", "scope"]) assert.ok(kinds.includes(kind), kind);
    const painted = await page.evaluate(() => [...document.querySelectorAll("#graph canvas")].some((one) =>
      one.getContext("2d")?.getImageData(0, 0, one.width, one.height).data.some((byte) => byte !== 0)));
    assert.ok(painted, "nothing is painted");
    const seen = await page.evaluate(() => {
      const cy = document.querySelector("#graph")._cyreg.cy;
      const box = cy.elements().not(".hidden").renderedBoundingBox();
      return box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
    });
    assert.ok(seen, "not all of it is in sight");
  },
  "it begins with the deployment in which something is missing": async ({ page }) => {
    const shown = await page.$eval("#deployment", (one) => one.selectedOptions[0].textContent);
    assert.match(shown, /parameters\.prod\.json$/);
    assert.match((await rows(page))[0], /^✗ missing Managed Identity Operator/);
  },
  "answers differ by line, mark and word, not by colour alone": async ({ page }) => {
    const looks = await page.evaluate(() => {
      const cy = document.querySelector("#graph")._cyreg.cy;
      const of = (answer) => cy.nodes(`[answer="${answer}"]`).first();
      return ["granted", "missing"].map((answer) => [of(answer).style("border-style"), of(answer).connectedEdges().first().style("line-style"), of(answer).data("label")]);
    });
    assert.notEqual(looks[0][0], looks[1][0]);
    assert.notEqual(looks[0][1], looks[1][1]);
    assert.match(looks[0][2], /✓[^]*granted/);
    assert.match(looks[1][2], /✗[^]*missing/);
  },
  "a box leaves out what it is for": async ({ page }) => {
    const before = (await rows(page)).length;
    await page.click('#answers input[value="granted"]');
    assert.ok((await rows(page)).every((row) => !row.includes("granted")));
    assert.ok((await classes(page, "hidden")).some((label) => label.includes("granted")));
    await page.click('#answers input[value="granted"]');
    assert.equal((await rows(page)).length, before);
  },
  "a search leaves what it finds": async ({ page }) => {
    await page.keyboard.press("/");
    await page.keyboard.type("network");
    await page.waitForFunction(() => document.querySelectorAll("#list button").length === 1);
    assert.match((await rows(page))[0], /Network Contributor/);
    assert.ok((await classes(page, "hidden")).some((label) => label.includes("Managed Identity Operator")));
    await page.keyboard.press("Escape");
    assert.equal((await rows(page)).length, 3);
  },
  "a click in the graph shows the details": async ({ page }) => {
    const at = await page.evaluate(() => {
      const cy = document.querySelector("#graph")._cyreg.cy;
      const box = document.querySelector("#graph").getBoundingClientRect();
      const { x, y } = cy.nodes('[answer="missing"]').first().renderedPosition();
      return { x: x + box.left, y: y + box.top };
    });
    await page.mouse.click(at.x, at.y);
    await page.waitForSelector("#details h3");
    assert.equal(await page.$eval("#details h3", (one) => one.textContent), "Managed Identity Operator");
    assert.match(await page.$eval("#details", (one) => one.textContent), /can be granted by/);
    assert.equal((await classes(page, "chosen")).length, 1);
    await page.click("#details .clear");
    assert.deepEqual(await classes(page, "chosen"), []);
  },
  "the keyboard reaches the list, and moves the graph": async ({ page }) => {
    await page.focus("#list button");
    await page.keyboard.press("Enter");
    assert.ok(await page.$("#details h3"));
    await page.keyboard.press("Escape");
    assert.equal(await page.$("#details h3"), null);
    const pan = () => page.evaluate(() => document.querySelector("#graph")._cyreg.cy.pan().x);
    const before = await pan();
    await page.focus("#graph");
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await pan(), before);
    await page.keyboard.press("0");
    assert.ok(Math.abs((await pan()) - before) < 1);
  },
  "it is dark where the reader is": async ({ page }) => {
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    assert.notEqual(await back(), light);
    await page.waitForFunction(() => document.querySelector("#graph")._cyreg.cy.nodes().first().style("color") === "rgb(230,234,241)", { timeout: 5000 });
  },
};

(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  let failed = 0;
  let passed = 0;
  const check = async (name, run) => {
    try {
      await run();
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}: ${error.message.slice(0, 600)}`);
    }
  };
  try {
    const plain = await open(browser, graph(workspace(names.plain), "html"));
    for (const [name, run] of Object.entries(checks)) await check(name, () => run(plain));
    await check("it asks nobody and complains of nothing", () => assert.deepEqual(plain.trouble, []));
    await plain.page.close();

    const mermaid = await browser.newPage();
    await mermaid.addScriptTag({ path: require.resolve("mermaid/dist/mermaid.min.js") });
    for (const [kind, name] of Object.entries(names)) {
      const at = workspace(name);
      await check(`a name with ${kind} is text on the page`, async () => {
        const { page, trouble } = await open(browser, graph(at, "html"));
        const state = await page.evaluate(() => ({
          taken: window.taken,
          elements: document.querySelectorAll("body script").length + document.querySelectorAll("img, x, b > *").length,
          scene: JSON.parse(document.getElementById("data").textContent),
        }));
        assert.equal(state.taken, undefined);
        assert.equal(state.elements, 3);
        assert.deepEqual(trouble, []);
        const shown = (await rows(page)).join("\n");
        const scene = state.scene[await page.$eval("#deployment", (one) => Number(one.value))];
        const told = scene.permissions.filter((one) => !one.by_aks).map((one) => `${scene.things[one.identity].name} → ${scene.things[one.scope].name}`);
        for (const row of told) assert.ok(shown.includes(row), row);
        assert.doesNotMatch(JSON.stringify(state.scene) + shown.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        await page.close();
      });
      await check(`a name with ${kind} is text in Mermaid`, async () => {
        const text = graph(at, "mermaid");
        const drawn = await mermaid.evaluate(async (text) => {
          window.mermaid.initialize({ startOnLoad: false, securityLevel: "loose" });
          const { svg } = await window.mermaid.render("drawn", text);
          document.body.innerHTML = svg;
          return {
            taken: window.taken,
            active: document.querySelectorAll("svg script, svg img, svg a").length,
            lines: document.querySelectorAll("svg path.flowchart-link").length,
            shown: [...document.querySelectorAll("svg .node")].map((one) => one.textContent).join("\n"),
          };
        }, text);
        assert.equal(drawn.taken, undefined);
        assert.equal(drawn.active, 0);
        assert.equal(drawn.lines, 9);
        const plain = name.replace(/[^a-z]/gi, "").slice(0, 5);
        // What a pipeline fills in is no name, and what steers a terminal is written out.
        if (!/\$\{|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) assert.ok(drawn.shown.replace(/[^a-z]/gi, "").includes(plain), drawn.shown);
      });
    }
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
})();
