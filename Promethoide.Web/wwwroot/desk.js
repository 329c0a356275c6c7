// The desk works without this file. With it, pages change without a full load, a second click is ignored while the first is pending, and
// typed text survives when the desk itself cannot be reached. Nothing is stored in the browser. Anything with a target is left to the browser: forms
// with a password, for password managers, and links to an identity provider.
"use strict";

let busy = false;

/** The address of the displayed page: going back changes the browser's address before the page. */
let shown = location.href;

const focusNext = () => {
  const next = document.querySelector("[autofocus]");
  if (next) {
    next.focus();
    next.select?.();
  } else {
    document.getElementById("main")?.focus();
  }
};

let endWaiting = () => {};

/** Shows on the button what is pending, unless the response is immediate. The next page has its own buttons; without one, the old text returns. */
const setBusy = (value, button) => {
  busy = value;
  const main = document.getElementById("main");
  main?.toggleAttribute("data-busy", value);
  endWaiting();
  if (!value || !button?.textContent.trim()) {
    return;
  }

  const { textContent } = button;
  button.setAttribute("aria-busy", "true");
  const timer = setTimeout(() => {
    button.textContent = main.dataset.waitingButton;
    const status = document.createElement("p");
    status.id = "waiting";
    status.setAttribute("role", "status");
    status.textContent = main.dataset.waitingText;
    button.after(status);
  }, 400);
  endWaiting = () => {
    clearTimeout(timer);
    button.removeAttribute("aria-busy");
    button.textContent = textContent;
    document.getElementById("waiting")?.remove();
    endWaiting = () => {};
  };
};

/** Shows the server's response. False if it is not a page of the desk. */
const show = (text, url, push) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.getElementById("main")) {
    return false;
  }

  // Not always the link's target: the server may have redirected, as to the sign-in page.
  if (url !== location.href) {
    history[push ? "pushState" : "replaceState"](null, "", url);
  }
  shown = url;
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
  scrollTo(0, 0);
  focusNext();
  return true;
};

/** True for a traveller who has been begun but not decided. */
const isHalfFilled = () => {
  const form = document.querySelector("form[data-traveller]");
  return form?.dataset.traveller === "begun"
    || [...form?.querySelectorAll("input:not([type=hidden])") ?? []].some(field => field.value !== field.defaultValue);
};

const mayLeave = () => !isHalfFilled() || confirm(document.getElementById("main").dataset.leaving);

/** Says above the form that the desk cannot be reached. */
const showOffline = () => {
  const main = document.getElementById("main");
  document.getElementById("offline")?.remove();
  const notice = document.createElement("div");
  notice.id = "offline";
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  const title = document.createElement("strong");
  title.textContent = main.dataset.offlineTitle;
  notice.append(title, ` ${main.dataset.offlineText}`);
  main.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
};

let current = null;

const load = async (url, options, push, button) => {
  const own = current = new AbortController();
  setBusy(true, button);
  try {
    const response = await fetch(url, { ...options, credentials: "same-origin", signal: AbortSignal.any([own.signal, AbortSignal.timeout(15000)]) });
    const text = response.headers.get("Content-Type")?.startsWith("text/html") ? await response.text() : "";
    if (own === current && !show(text, response.url, push)) {
      showOffline();
    }
  } catch {
    if (own === current) {
      showOffline();
    }
  } finally {
    if (own === current) {
      setBusy(false);
    }
  }
};

/** Ignores what the officer presses while a response is pending. */
const ask = (...request) => busy ? undefined : load(...request);

/** Enter presses a hidden button that stands for the visible one of the same action. */
const visible = (form, submitter) =>
  [...form.querySelectorAll("button")].find(button => button.value === submitter?.value && !button.hasAttribute("aria-hidden")) ?? submitter;

document.addEventListener("submit", event => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.hasAttribute("target")) {
    return;
  }

  event.preventDefault();
  if (form.hasAttribute("data-leaves") && !mayLeave()) {
    return;
  }

  // Not form.action: that is the buttons with this name.
  const url = new URL(form.getAttribute("action"), location.href);
  const fields = new URLSearchParams(new FormData(form, submitter));
  if (form.method === "post") {
    ask(url.href, { method: "POST", body: fields }, true, visible(form, submitter));
  } else {
    // A search: empty fields need not be in the address.
    url.search = new URLSearchParams([...fields].filter(([, value]) => value.trim())).toString();
    ask(url.href, {}, true, submitter);
  }
});

// A scanner presses Enter after each line of a passport (2 of 44 characters) or card (3 of 30): the form is sent after the last line.
document.addEventListener("keydown", event => {
  const { target: field, key } = event;
  if (key !== "Enter" || field.id !== "dni") {
    return;
  }

  const zone = field.value.replace(/\s/g, "");
  if (zone.includes("<") && zone.length < (/^p/i.test(zone) ? 88 : 90)) {
    event.preventDefault();
    field.value += " ";
  }
});

document.addEventListener("click", event => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.origin !== location.origin || link.hash || link.target) {
    return;
  }

  event.preventDefault();
  if (mayLeave()) {
    ask(link.href, {}, true);
  }
});

document.addEventListener("click", event => {
  if (event.target.closest?.("[data-print]")) {
    print();
  }
});

addEventListener("beforeunload", event => {
  if (isHalfFilled()) {
    event.preventDefault();
  }
});

const withoutFragment = url => url.split("#")[0];

// Links within a page, such as the one to its content, change nothing. Between the steps of a traveller, going back loses nothing; to another page it may.
addEventListener("popstate", () => {
  if (withoutFragment(location.href) === withoutFragment(shown)) {
    return;
  }

  if (location.pathname !== new URL(shown).pathname && !mayLeave()) {
    history.pushState(null, "", shown);
  } else {
    load(location.href, {}, false);
  }
});
