// Plays recorded launches (docs/extensions/course/step_through.py draws the
// first picture of each). Buttons, a slider and a list: all work by keyboard.
(function () {
  "use strict";
  const PAUSE = 900;  // milliseconds for a step

  function setUp(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const controls = figure.querySelector(".step-controls");
    const range = figure.querySelector(".step-range");
    const follow = figure.querySelector(".step-follow");
    const play = figure.querySelector(".step-play");
    const panels = [...figure.querySelectorAll(".step-panel")].map(function (panel) {
      const cells = [...panel.querySelectorAll(".step-cell")];
      return { cells: cells, shared: panel.classList.contains("step-shared"),
               labels: cells.map(function (cell) { return cell.querySelector("text"); }) };
    });
    const threads = panels.shift();
    let at = data.at, timer = null;

    // What has been written by the end of step `last`: per array, the classes
    // and labels of its cells.
    function filled(last) {
      const state = panels.map(function (panel) {
        return panel.cells.map(function (_, i) {
          return { kinds: [], label: panel.shared ? "" : String(i) };
        });
      });
      data.steps.slice(0, last + 1).forEach(function (step) {
        if (step.does === "wait" || step.does === "read") { return; }
        step.elements.forEach(function (element, thread) {
          const cell = element === null ? undefined : state[step.array][element];
          if (!cell) { return; }
          cell.kinds = ["filled"];
          if (panels[step.array].shared && step.origins.length) { cell.label = step.origins[thread]; }
        });
      });
      return state;
    }

    function place(thread) {
      const width = data.block[0];
      return "(" + thread % width + "," + Math.floor(thread / width) + ")";
    }

    function element(array, index) {
      const name = data.arrays[array][0], columns = data.arrays[array][1];
      return columns >= panels[array].cells.length ? name + "[" + index + "]"
          : name + "[" + Math.floor(index / columns) + "][" + index % columns + "]";
    }

    function show(number) {
      at = Math.max(0, Math.min(data.steps.length - 1, number));
      const step = data.steps[at], state = filled(at), mine = Number(follow.value);
      const busy = step.elements || [];
      threads.cells.forEach(function (cell, thread) {
        cell.setAttribute("class", ["step-cell", busy[thread] === null || busy[thread] === undefined ? "" : "busy",
                                    thread === mine ? "followed" : ""].join(" "));
      });
      busy.forEach(function (element) {
        const cell = element === null ? undefined : state[step.array][element];
        if (cell && cell.kinds.indexOf("now") < 0) { cell.kinds.push("now", step.does === "read" ? "reading" : "writing"); }
      });
      panels.forEach(function (panel, number) {
        panel.cells.forEach(function (cell, i) {
          const now = number === step.array && busy[mine] === i ? ["followed"] : [];
          cell.setAttribute("class", ["step-cell"].concat(state[number][i].kinds, now).join(" "));
          panel.labels[i].textContent = state[number][i].label;
        });
      });
      figure.querySelector(".step-number").textContent = step.line;
      figure.querySelector(".step-line code").textContent = data.source[step.line - data.first] || "";
      let text = "Step " + (at + 1) + " of " + data.steps.length + ": " + step.text;
      if (busy[mine] !== null && busy[mine] !== undefined) {
        text += " Thread " + place(mine) + ": " + element(step.array, busy[mine]) + ".";
      }
      figure.querySelector(".step-text").textContent = text;
      range.value = at + 1;
      range.setAttribute("aria-valuetext", "step " + (at + 1));
    }

    function stop() {
      if (timer !== null) { clearInterval(timer); }
      timer = null;
      play.textContent = "\u25b6\u25b6";
      play.setAttribute("aria-label", "play");
    }
    function start() {
      if (at === data.steps.length - 1) { show(0); }
      timer = setInterval(function () {
        show(at + 1);
        if (at === data.steps.length - 1) { stop(); }
      }, PAUSE);
      play.textContent = "\u2759\u2759";
      play.setAttribute("aria-label", "pause");
    }

    figure.querySelector(".step-back").addEventListener("click", function () { stop(); show(at - 1); });
    figure.querySelector(".step-on").addEventListener("click", function () { stop(); show(at + 1); });
    play.addEventListener("click", function () { if (timer === null) { start(); } else { stop(); } });
    range.addEventListener("input", function () { stop(); show(Number(range.value) - 1); });
    follow.addEventListener("change", function () { show(at); });
    threads.cells.forEach(function (cell, thread) {
      cell.addEventListener("click", function () { follow.value = thread; show(at); });
    });
    controls.hidden = false;
    figure.classList.add("playable");
    show(0);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("figure.step-through").forEach(function (figure) {
      if (figure.querySelector("script")) { setUp(figure); }
    });
  });
})();
