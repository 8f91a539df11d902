// Boxes that scroll sideways can be reached with the keyboard; those that
// fit are not stops on the way.
(function () {
  "use strict";
  const boxes = "div.listing-body, div.run-output, div.table-wrapper, div.math-block, div.highlight > pre";
  function update() {
    document.querySelectorAll(boxes).forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.setAttribute("tabindex", "0");
      } else {
        box.removeAttribute("tabindex");
      }
    });
  }
  // A link into a collapsed box opens it.
  function open() {
    const name = decodeURIComponent(location.hash.slice(1));
    let element = name && document.getElementById(name);
    while (element) {
      if (element.tagName === "DETAILS") { element.open = true; }
      element = element.parentElement;
    }
  }
  document.addEventListener("DOMContentLoaded", function () { open(); update(); });
  document.addEventListener("toggle", update, true);
  window.addEventListener("hashchange", open);
  window.addEventListener("resize", update);
  window.addEventListener("load", update);
})();
