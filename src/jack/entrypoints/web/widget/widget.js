/* Jack's web chat. <script src="https://jack.example/chat/widget.js" data-hotel="harbour" async></script>
   Needs nothing else on the page, touches nothing else of it, and never reads what guests or the hotel write as HTML. */
(() => {
  "use strict";
  const script = document.currentScript;
  const hotel = script && script.dataset.hotel;
  if (!hotel || document.querySelector(`jack-chat[data-hotel="${CSS.escape(hotel)}"]`)) return;

  const WORDS = {
    en: { open: "Chat with us", title: "Chat", close: "Close chat", hello: "How can we help you?", log: "Messages", write: "Your message",
      send: "Send", typing: "An answer is being written…", you: "You", jack: "Jack", staff: "Hotel staff", sending: "Sending…",
      failed: "Not sent.", again: "Try again", busy: "That was a lot at once. Please wait a moment, then try again.",
      lost: "No connection. Trying again…", unread: "New messages" },
    de: { open: "Chatten Sie mit uns", title: "Chat", close: "Chat schließen", hello: "Wie können wir Ihnen helfen?", log: "Nachrichten",
      write: "Ihre Nachricht", send: "Senden", typing: "Eine Antwort wird geschrieben …", you: "Sie", jack: "Jack", staff: "Hotelteam",
      sending: "Wird gesendet …", failed: "Nicht gesendet.", again: "Erneut versuchen",
      busy: "Das waren viele Nachrichten. Bitte warten Sie einen Moment und versuchen Sie es dann erneut.",
      lost: "Keine Verbindung. Neuer Versuch …", unread: "Neue Nachrichten" },
    es: { open: "Chatee con nosotros", title: "Chat", close: "Cerrar el chat", hello: "¿En qué podemos ayudarle?", log: "Mensajes",
      write: "Su mensaje", send: "Enviar", typing: "Se está escribiendo una respuesta…", you: "Usted", jack: "Jack",
      staff: "Equipo del hotel", sending: "Enviando…", failed: "No enviado.", again: "Intentar de nuevo",
      busy: "Han sido muchos mensajes seguidos. Espere un momento e inténtelo de nuevo.",
      lost: "Sin conexión. Intentando de nuevo…", unread: "Mensajes nuevos" },
    fr: { open: "Discutez avec nous", title: "Discussion", close: "Fermer la discussion", hello: "Comment pouvons-nous vous aider ?",
      log: "Messages", write: "Votre message", send: "Envoyer", typing: "Une réponse est en cours de rédaction…", you: "Vous",
      jack: "Jack", staff: "Équipe de l’hôtel", sending: "Envoi…", failed: "Non envoyé.", again: "Réessayer",
      busy: "Cela fait beaucoup de messages. Merci de patienter un instant, puis de réessayer.",
      lost: "Pas de connexion. Nouvelle tentative…", unread: "Nouveaux messages" },
    pt: { open: "Fale connosco", title: "Chat", close: "Fechar o chat", hello: "Como podemos ajudar?", log: "Mensagens",
      write: "A sua mensagem", send: "Enviar", typing: "A resposta está a ser escrita…", you: "Você", jack: "Jack",
      staff: "Equipa do hotel", sending: "A enviar…", failed: "Não enviada.", again: "Tentar de novo",
      busy: "Foram muitas mensagens seguidas. Aguarde um momento e tente de novo.",
      lost: "Sem ligação. A tentar de novo…", unread: "Novas mensagens" },
  };
  const wanted = [script.dataset.language, ...(navigator.languages || [navigator.language])];
  const language = wanted.map((tag) => (tag || "").slice(0, 2).toLowerCase()).find((tag) => WORDS[tag]) || "en";
  const words = WORDS[language];

  const CSS_TEXT = `
    :host { all: initial; --main: var(--jack-chat-color, #1d4e5f); }
    * { box-sizing: border-box; font: 16px/1.4 system-ui, sans-serif; }
    [hidden] { display: none !important; }
    button { cursor: pointer; border: 0; border-radius: 8px; padding: 10px 14px; background: var(--main); color: #fff; }
    :focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
    .open { position: fixed; z-index: 2147483000; right: 20px; bottom: calc(20px + env(safe-area-inset-bottom)); border-radius: 999px;
      padding: 14px 20px; box-shadow: 0 4px 16px #0004; }
    .unread { display: inline-block; min-width: 1.5em; margin-left: 8px; border-radius: 999px; background: #fff; color: #1b1b1b; }
    .panel { position: fixed; z-index: 2147483001; right: 20px; bottom: calc(20px + env(safe-area-inset-bottom)); width: 380px;
      height: min(600px, calc(100dvh - 40px)); display: flex; flex-direction: column; background: #fff; color: #1b1b1b;
      border-radius: 12px; box-shadow: 0 8px 40px #0006; overflow: hidden; }
    header { display: flex; align-items: center; justify-content: space-between; background: var(--main); color: #fff; padding: 4px 4px 4px 16px; }
    h2 { margin: 0; font-weight: 600; } header button { min-width: 44px; min-height: 44px; font-size: 22px; padding: 0; }
    .log { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 10px; overscroll-behavior: contain; }
    .log > * { flex: none; } .hello { margin: 0; color: #555; }
    .message { max-width: 85%; padding: 8px 12px; border-radius: 12px; background: #eef1f2; align-self: flex-start; }
    .message p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    .guest { align-self: flex-end; background: #d8ebf1; }
    .who, .state { display: block; font-size: 13px; color: #555; } .state.bad { color: #9b1c1c; }
    .state button { font-size: 13px; padding: 2px 8px; margin-left: 6px; }
    .now { min-height: 22px; margin: 0; padding: 0 16px; font-size: 13px; color: #555; }
    form { display: flex; gap: 8px; padding: 12px; border-top: 1px solid #d5dadc; align-items: flex-end; }
    textarea { flex: 1; resize: none; border: 1px solid #7a8488; border-radius: 8px; padding: 9px; min-height: 44px; max-height: 140px;
      background: #fff; color: #1b1b1b; }
    .aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 480px) { .panel { inset: 0; width: auto; height: 100dvh; border-radius: 0; padding-bottom: env(safe-area-inset-bottom); } }`;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const host = element("jack-chat", { "data-hotel": hotel });
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element("style", {}, CSS_TEXT));
  }
  const unread = element("span", { class: "unread", hidden: "" });
  const opener = element("button", { type: "button", class: "open", "aria-haspopup": "dialog", "aria-expanded": "false" }, words.open, unread);
  const closer = element("button", { type: "button", "aria-label": words.close }, "×");
  const log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: "0" },
    element("p", { class: "hello" }, words.hello));
  const now = element("p", { class: "now", role: "status" });
  const field = element("textarea", { id: "text", rows: "1", maxlength: "4000", enterkeyhint: "send", autocomplete: "off" });
  const form = element("form", {}, element("label", { for: "text", class: "aside" }, words.write), field,
    element("button", { type: "submit" }, words.send));
  field.placeholder = words.write;
  const panel = element("div", { class: "panel", role: "dialog", "aria-modal": "true", "aria-labelledby": "title", lang: language, hidden: "" },
    element("header", {}, element("h2", { id: "title" }, script.dataset.title || words.title), closer), log, now, form);
  root.append(opener, panel);
  opener.lang = language;

  // What is remembered: the session's token, in this browser alone.
  const base = script.src.replace(/\/widget\.js.*$/, "");
  const key = `jack-chat ${base} ${hotel}`;
  let token = null;
  try { token = localStorage.getItem(key); } catch { /* a browser that keeps nothing: the chat lasts as long as the page */ }
  function remember(value) {
    token = value;
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* as above */ }
  }

  const shown = new Map(); // by id: what the log shows
  let last = 0, count = 0, listening = null, typing = false, lost = false, opening = null;

  function tell() { now.textContent = lost ? words.lost : typing ? words.typing : ""; }

  function show(id, who, text) {
    const name = who.kind === "guest" ? words.you : who.kind === "staff" ? who.name || words.staff : words.jack;
    const state = element("span", { class: "state" });
    const row = element("div", { class: `message ${who.kind === "guest" ? "guest" : "hotel"}` },
      element("span", { class: "who" }, name), element("p", {}, text), state);
    shown.set(id, state);
    log.append(row);
    log.scrollTop = log.scrollHeight;
    return state;
  }

  function received(message, number) {
    last = Math.max(last, number);
    const id = message.client_message_id || message.id;
    if (shown.has(id)) { shown.get(id).replaceChildren(); return; }
    show(id, message.author, message.text);
    if (message.direction === "outbound") {
      typing = false;
      if (panel.hidden) {
        unread.hidden = false;
        unread.textContent = String((count += 1));
        unread.setAttribute("aria-label", words.unread);
      }
    }
  }

  const pause = (milliseconds) => new Promise((done) => { wake = done; setTimeout(done, milliseconds); });
  let wake = () => {};
  addEventListener("online", () => wake());

  async function listen() {
    for (let failures = 0; token; failures += 1) {
      const stop = new AbortController();
      let alive = setTimeout(() => stop.abort(), 45000);
      try {
        const headers = { authorization: `Bearer ${token}` };
        if (last) headers["last-event-id"] = String(last);
        const answer = await fetch(`${base}/${hotel}/events`, { headers, cache: "no-store", signal: stop.signal });
        if (answer.status === 401) { remember(null); break; }
        if (answer.ok && answer.body) {
          const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          for (let rest = ""; ;) {
            const { done, value } = await reader.read();
            if (done) break;
            clearTimeout(alive);
            alive = setTimeout(() => stop.abort(), 45000);
            lost = false;
            failures = 0;
            const events = (rest + value).split("\n\n");
            rest = events.pop();
            events.forEach(read);
            tell();
          }
        }
      } catch { /* the connection broke: again, after a while */ }
      clearTimeout(alive);
      typing = false;
      if (failures > 0) lost = true;
      tell();
      await pause(Math.min(30000, 500 * 2 ** failures) * (0.75 + Math.random() / 2));
    }
    listening = null;
    lost = false;
    tell();
  }

  function read(event) {
    const found = {};
    for (const line of event.split("\n")) {
      const at = line.indexOf(": ");
      if (at > 0) found[line.slice(0, at)] = line.slice(at + 2);
    }
    if (found.event === "message") received(JSON.parse(found.data), Number(found.id));
    if (found.event === "typing") typing = JSON.parse(found.data).typing;
  }

  function connect() { if (token && !listening) listening = listen(); }

  async function ask(path, body) {
    const headers = body ? { "content-type": "application/json" } : {};
    if (body) headers.authorization = `Bearer ${token}`;
    return fetch(`${base}/${hotel}/${path}`, { method: "POST", headers, body: body && JSON.stringify(body) });
  }

  async function begin() {
    const answer = await ask("sessions");
    if (answer.ok) remember((await answer.json()).token);
    return answer;
  }

  async function deliver(id, text) {
    for (let tries = 0; ; tries += 1) {
      try {
        if (!token) {
          opening = opening || begin().finally(() => { opening = null; });
          const begun = await opening;
          if (!begun.ok) return begun.status;
        }
        const answer = await ask("messages", { client_message_id: id, text });
        if (answer.status === 401 && tries < 2) { remember(null); continue; }
        if (answer.status < 500 || tries >= 2) return answer.status;
      } catch {
        if (tries >= 2) return 0;
      }
      await pause(700 * 2 ** tries);
    }
  }

  async function say(id, text, state) {
    state.className = "state";
    state.replaceChildren(words.sending);
    const status = await deliver(id, text);
    if (status === 202) {
      state.replaceChildren();
      connect();
      return;
    }
    const again = element("button", { type: "button" }, words.again);
    again.addEventListener("click", () => { field.focus(); say(id, text, state); });
    state.className = "state bad";
    state.replaceChildren(status === 429 ? words.busy : words.failed, again);
    log.scrollTop = log.scrollHeight;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    field.value = "";
    field.style.height = "";
    say(id, text, show(id, { kind: "guest" }, text));
  });
  field.addEventListener("input", () => {
    field.style.height = "";
    field.style.height = `${field.scrollHeight + 2}px`;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  opener.addEventListener("click", () => {
    panel.hidden = false;
    opener.hidden = true;
    opener.setAttribute("aria-expanded", "true");
    unread.hidden = true;
    count = 0;
    log.scrollTop = log.scrollHeight;
    field.focus();
    connect();
  });
  function close() {
    panel.hidden = true;
    opener.hidden = false;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }
  closer.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      const stops = [...panel.querySelectorAll("button, textarea, [tabindex='0']")];
      const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
      if (root.activeElement === edge) {
        event.preventDefault();
        (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
      }
    }
  });

  if (document.body) document.body.append(host);
  else addEventListener("DOMContentLoaded", () => document.body.append(host));
})();
