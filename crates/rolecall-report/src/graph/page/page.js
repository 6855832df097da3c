"use strict";
// Draws the scenes that stand in the page as JSON. Names come from files that anybody may have written: they become text
// (`textContent`, labels on the canvas) and nothing else.
(() => {
  const scenes = JSON.parse(document.getElementById("data").textContent);
  const find = (selector) => document.querySelector(selector);
  const marks = { granted: "✓", missing: "✗", assumed: "?", undecided: "…" };
  const order = ["missing", "undecided", "assumed", "granted"];
  const columns = { cluster: 0, identity: 340, permission: 700, scope: 1080 };
  const boxes = [...document.querySelectorAll("#answers input")];
  const select = find("#deployment");
  const search = find("#search");
  let scene;
  let cy;
  let chosen = null;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // Labels are broken into lines here, so that the size of a node follows from its text.
  const lines = (text) => {
    const out = [];
    for (let rest = [...text]; rest.length > 0; ) {
      let end = Math.min(28, rest.length);
      if (end < rest.length) {
        const gap = Math.max(...["/", "-", " ", "."].map((mark) => rest.lastIndexOf(mark, end - 1)));
        if (gap > 10) end = gap + 1;
      }
      out.push(rest.slice(0, end).join(""));
      rest = rest.slice(end);
      if (out.length === 3 && rest.length > 0) {
        out[2] += "…";
        break;
      }
    }
    return out;
  };
  const node = (id, kind, title, below, data) => {
    const all = [...lines(title), ...(below ? [below] : [])];
    const longest = Math.max(...all.map((line) => [...line].length));
    return {
      group: "nodes",
      data: { id, kind, label: all.join("\n"), width: Math.max(90, longest * 7.4 + 28), height: all.length * 18 + 16, ...data },
    };
  };

  // What is drawn of a scene: things by their numbers, each permission as a node between its identity and its scope.
  const elements = () => {
    const out = scene.things.map((thing, at) =>
      node(`t${at}`, thing.kind, thing.name, thing.kind === "cluster" ? "cluster" : thing.sort, { thing: at }));
    const link = (id, source, target, data) => out.push({ group: "edges", data: { id, source, target, label: "", ...data } });
    scene.uses.forEach((use, at) => link(`u${at}`, `t${use.cluster}`, `t${use.identity}`, { kind: "use", label: use.role }));
    scene.permissions.forEach((one, at) => {
      const below = one.by_aks ? "by AKS itself" : one.answer === "granted" && !one.needed ? "granted, no need known" : one.answer;
      out.push(node(`p${at}`, "permission", `${marks[one.answer]} ${one.role}`, below, { permission: at, answer: one.answer }));
      link(`i${at}`, `t${one.identity}`, `p${at}`, { kind: "way", answer: one.answer });
      link(`s${at}`, `p${at}`, `t${one.scope}`, { kind: "way", answer: one.answer, end: true });
    });
    scene.within.forEach(([outer, inner], at) => link(`w${at}`, `t${outer}`, `t${inner}`, { kind: "within", label: "inherited" }));
    return out;
  };

  const style = () => {
    const each = (answer, border, line, extra) => [
      { selector: `node[answer="${answer}"]`, style: { "border-style": border, "border-color": color(answer), ...extra } },
      { selector: `edge[answer="${answer}"]`, style: { "line-style": line, "line-color": color(answer), "target-arrow-color": color(answer) } },
    ];
    return [
      { selector: "node", style: {
        label: "data(label)", width: "data(width)", height: "data(height)", "text-wrap": "wrap", "text-valign": "center", "text-halign": "center",
        "font-size": 13, "font-family": "system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif", "line-height": 1.25, color: color("text"),
        "background-color": color("node"), "border-width": 1.5, "border-color": color("edge"), shape: "rectangle" } },
      { selector: 'node[kind="cluster"]', style: { shape: "hexagon", "background-color": color("cluster"), "border-width": 2, padding: 12 } },
      { selector: 'node[kind="identity"]', style: { shape: "round-rectangle", "corner-radius": 24, "background-color": color("identity"), padding: 4 } },
      { selector: 'node[kind="scope"]', style: { shape: "cut-rectangle", "background-color": color("scope") } },
      { selector: 'node[kind="permission"]', style: { "border-width": 3 } },
      { selector: "edge", style: {
        "curve-style": "bezier", width: 2, "line-color": color("edge"), "target-arrow-color": color("edge"), label: "data(label)", "font-size": 11,
        color: color("faint"), "text-background-color": color("back"), "text-background-opacity": 1, "text-background-padding": 2 } },
      { selector: 'edge[kind="use"]', style: { width: 4, "target-arrow-shape": "triangle" } },
      { selector: "edge[?end]", style: { "target-arrow-shape": "triangle" } },
      { selector: 'edge[kind="within"]', style: { "curve-style": "unbundled-bezier", "control-point-distances": 70, "control-point-weights": 0.5,
        "source-endpoint": "90deg", "target-endpoint": "90deg", "line-style": "dashed", width: 1.5, "target-arrow-shape": "vee" } },
      ...each("granted", "solid", "solid", {}),
      ...each("missing", "dashed", "dashed", { "font-weight": "bold" }),
      ...each("assumed", "dotted", "dotted", {}),
      ...each("undecided", "double", "dotted", { "border-width": 5 }),
      { selector: 'edge[answer="missing"][?end]', style: { "target-arrow-shape": "tee" } },
      { selector: 'edge[answer="undecided"][?end]', style: { "target-arrow-shape": "circle", "target-arrow-fill": "hollow" } },
      { selector: ".faded", style: { opacity: 0.15 } },
      { selector: ".hidden", style: { display: "none" } },
      { selector: "node.chosen", style: { "border-color": color("focus"), "border-width": 5 } },
    ];
  };

  // Four columns; each permission stands beside its identity, each scope beside its permissions.
  const place = () => {
    const shown = (kind) => cy.nodes(`[kind="${kind}"]`).not(".hidden").toArray();
    const mean = (list, otherwise) => (list.length ? list.reduce((sum, one) => sum + one, 0) / list.length : otherwise);
    const stack = (nodes, gap) => {
      let y = 0;
      for (const one of nodes) {
        one.position({ x: columns[one.data("kind")], y: y + one.outerHeight() / 2 });
        y += one.outerHeight() + gap;
      }
      return y - gap;
    };
    // As near to its neighbours as the nodes before it allow, then pushed back where that leaves the end.
    const beside = (nodes, gap, neighbours) => {
      const wish = new Map(nodes.map((one) => [one, mean(neighbours(one).map((other) => other.position("y")), one.position("y"))]));
      nodes.sort((a, b) => wish.get(a) - wish.get(b) || a.data("label").localeCompare(b.data("label")));
      let floor = -Infinity;
      for (const one of nodes) {
        const half = one.outerHeight() / 2;
        const y = Math.max(wish.get(one), floor + gap + half);
        one.position({ x: columns[one.data("kind")], y });
        floor = y + half;
      }
    };
    const visible = (list) => list.not(".hidden").toArray();
    const [clusters, identities, permissions, scopes] = ["cluster", "identity", "permission", "scope"].map(shown);
    const rank = new Map(identities.map((one, at) => [one.id(), at]));
    const owner = (one) => rank.get(`t${scene.permissions[one.data("permission")].identity}`) ?? 0;
    permissions.sort((a, b) => owner(a) - owner(b) || order.indexOf(a.data("answer")) - order.indexOf(b.data("answer")));
    stack(permissions, 26);
    stack(scopes, 34);
    beside(scopes, 34, (one) => visible(one.incomers('node[kind="permission"]')));
    stack(identities, 34);
    beside(identities, 34, (one) => visible(one.outgoers('node[kind="permission"]')));
    stack(clusters, 40);
    beside(clusters, 40, (one) => visible(one.outgoers("node")));
  };

  const titles = () => {
    const at = { cluster: columns.cluster, identity: columns.identity, permission: columns.permission, scope: columns.scope };
    [...document.querySelectorAll("#columns span")].forEach((span, index) => {
      span.style.left = `${Object.values(at)[index] * cy.zoom() + cy.pan().x}px`;
    });
  };

  const fit = () => {
    const seen = cy.nodes().not(".hidden");
    if (seen.empty()) return;
    cy.fit(seen, 40);
    if (cy.zoom() > 1.3) cy.zoom({ level: 1.3 }), cy.center(seen);
    // What is too small to read is no overview: begin at the top instead.
    if (cy.zoom() < 0.55) {
      const box = seen.boundingBox();
      cy.zoom(Math.max(0.55, Math.min(1, (cy.width() - 60) / box.w)));
      cy.pan({ x: 30 - box.x1 * cy.zoom(), y: 30 - box.y1 * cy.zoom() });
    }
  };

  const wanted = (permission) => {
    const on = (value) => boxes.find((box) => box.value === value).checked;
    return permission.by_aks ? on("by-aks") : on(permission.answer);
  };
  const words = () => search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (...texts) => {
    const text = texts.join(" ").toLowerCase();
    return words().every((word) => text.includes(word));
  };
  // Whether the boxes and the search leave a permission in.
  const remains = (permission) => {
    const [identity, scope] = [scene.things[permission.identity], scene.things[permission.scope]];
    return wanted(permission) && matches(identity.name, permission.role, permission.answer, scope.name, scope.sort);
  };

  // What the boxes and the search leave out is gone; what is not connected with the choice fades.
  const filter = () => {
    const left = scene.permissions.map(remains);
    const things = new Set();
    scene.permissions.forEach((one, at) => left[at] && things.add(one.identity).add(one.scope));
    const searched = words().length > 0;
    scene.things.forEach((thing, at) => {
      const kept = searched ? matches(thing.name, thing.sort) : thing.kind === "cluster" || scene.uses.some((use) => use.identity === at);
      if (kept && thing.kind !== "scope") things.add(at);
    });
    scene.uses.forEach((use) => things.has(use.identity) && things.add(use.cluster));
    cy.batch(() => {
      cy.nodes().forEach((one) => {
        const { thing, permission } = one.data();
        one.toggleClass("hidden", permission === undefined ? !things.has(thing) : !left[permission]);
      });
      cy.elements().removeClass("faded chosen");
      if (chosen) {
        cy.elements().not(around(cy.$id(chosen))).addClass("faded");
        cy.$id(chosen).addClass("chosen");
      }
    });
    list();
  };

  // A node, the ways through it from cluster to scope, and what inherits from those scopes.
  const around = (one) => {
    const before = one.predecessors().not('[kind="scope"]');
    return one.union(one.successors()).union(before);
  };

  const list = () => {
    const target = find("#list ul");
    target.replaceChildren();
    const connected = chosen?.startsWith("t") ? around(cy.$id(chosen)) : null;
    const rows = scene.permissions
      .map((one, at) => ({ one, at }))
      .filter(({ one, at }) => remains(one) && (!connected || connected.contains(cy.$id(`p${at}`))));
    rows.sort((a, b) => order.indexOf(a.one.answer) - order.indexOf(b.one.answer) || a.at - b.at);
    for (const { one, at } of rows) {
      const button = element("button", undefined, one.answer);
      button.type = "button";
      button.setAttribute("aria-pressed", String(chosen === `p${at}`));
      button.append(element("span", `${marks[one.answer]} ${one.answer} `, "mark"), element("b", one.role));
      button.append(element("small", `${scene.things[one.identity].name} → ${scene.things[one.scope].name}`));
      button.addEventListener("click", () => choose(`p${at}`, true));
      const item = element("li");
      item.append(button);
      target.append(item);
    }
    if (rows.length === 0) target.append(element("li", "There is none.", "hint"));
    find("#list h2").textContent = `Permissions (${rows.length})`;
  };

  const details = () => {
    const panel = find("#details");
    const hint = panel.querySelector(".hint");
    panel.replaceChildren(element("h2", "Details"));
    if (!chosen) {
      panel.append(hint ?? details.hint);
      return;
    }
    details.hint = hint ?? details.hint;
    const data = cy.$id(chosen).data();
    const permission = scene.permissions[data.permission];
    const thing = scene.things[data.thing];
    const facts = element("dl");
    const add = (name, text) => facts.append(element("dt", name), element("dd", text));
    if (permission) {
      panel.append(element("h3", permission.role));
      const line = element("p", undefined, permission.answer);
      line.append(element("span", `${marks[permission.answer]} ${permission.answer}`, "mark"));
      panel.append(line);
      add("who", scene.things[permission.identity].name);
      add("on", `${scene.things[permission.scope].name} (${scene.things[permission.scope].sort})`);
      if (permission.answer === "granted" && !permission.needed) add("needed", "by nothing that rolecall knows of a cluster");
      permission.facts.forEach(([name, text]) => add(name, text));
    } else {
      panel.append(element("h3", thing.name), element("p", thing.kind === "cluster" ? "cluster" : `${thing.kind}: ${thing.sort}`));
      scene.uses.filter((use) => use.identity === data.thing).forEach((use) => add(use.role, `of ${scene.things[use.cluster].name}`));
      scene.uses.filter((use) => use.cluster === data.thing).forEach((use) => add(`runs as ${use.role}`, scene.things[use.identity].name));
      thing.facts.forEach(([name, text]) => add(name, text));
    }
    const clear = element("button", "Show all again", "clear");
    clear.type = "button";
    clear.addEventListener("click", () => choose(null));
    panel.append(facts, clear);
    panel.scrollTop = 0;
  };

  const choose = (id, show) => {
    chosen = id;
    filter();
    details();
    if (!id || !show) return;
    const box = cy.$id(id).renderedBoundingBox();
    const seen = box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
    if (!seen) cy.animate({ center: { eles: cy.$id(id) }, duration: 150 });
  };

  const counts = () => {
    for (const box of boxes) {
      const of = (one) => (one.by_aks ? box.value === "by-aks" : one.answer === box.value);
      box.parentElement.querySelector("output").textContent = `(${scene.permissions.filter(of).length})`;
    }
  };

  const redraw = () => {
    filter();
    place();
    fit();
    titles();
  };

  const draw = () => {
    scene = scenes[Number(select.value)] ?? { things: [], uses: [], permissions: [], within: [] };
    chosen = null;
    cy?.destroy();
    cy = cytoscape({
      container: find("#graph"), elements: elements(), style: style(), layout: { name: "preset" },
      minZoom: 0.1, maxZoom: 3, autounselectify: true, boxSelectionEnabled: false,
    });
    cy.on("tap", (event) => choose(event.target === cy ? null : event.target.isNode() ? event.target.id() : event.target.source().id(), false));
    cy.on("pan zoom resize", titles);
    counts();
    details();
    redraw();
  };

  scenes.forEach((one, at) => {
    const option = element("option", one.name);
    option.value = String(at);
    select.append(option);
  });
  // Where something is missing is where to look first.
  const worst = scenes.findIndex((one) => one.permissions.some((permission) => permission.answer === "missing"));
  select.value = String(Math.max(worst, 0));
  select.addEventListener("change", draw);
  boxes.forEach((box) => box.addEventListener("change", redraw));
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(redraw, 120);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));
  const zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  const actions = { in: () => zoom(1.25), out: () => zoom(0.8), fit };
  find("#zoom").addEventListener("click", (event) => actions[event.target.dataset.zoom]?.());
  find("#graph").addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    const act = { "+": actions.in, "=": actions.in, "-": actions.out, 0: actions.fit }[event.key];
    if (step) cy.panBy({ x: step[0], y: step[1] });
    act?.();
    if (step || act) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const searched = search.value !== "";
      search.value = "";
      choose(null);
      if (searched) redraw();
    } else if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  draw();
})();
