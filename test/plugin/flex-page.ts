/** The page of Flex as it looks to a plugin: a script for the browser, without Twilio's code. */
export const FLEX_PAGE = `<!doctype html><title>Flex</title><main id="list"></main><script>
const listeners = {};
const on = (name, listener) => { (listeners[name] ??= []).push(listener); };
window.emit = (name, detail) => (listeners[name] ?? []).forEach((listener) => listener(detail));

// As much of React as one component with two hooks needs.
let drawn, state = 0, isSubscribed = false;
const element = (type, props, ...children) => ({ type, props: { ...props, children } });
const draw = () => {
  const { type, props } = drawn;
  const { type: tag, props: shown } = type({ ...props, conversationSid: window.shownSid });
  const line = document.createElement(tag);
  line.setAttribute('role', shown.role);
  line.textContent = shown.children.join('');
  document.getElementById('list').replaceChildren(line);
};
window.React = {
  createElement: element,
  useReducer: (reduce) => [state, () => { state = reduce(state); draw(); }],
  useEffect: (effect) => { if (!isSubscribed) { isSubscribed = true; effect(); } },
};

window.shownSid = 'CH' + 'a'.repeat(32);
const manager = { user: { token: 'flex-token' }, conversationsClient: { on } };
const flex = {
  Actions: { addListener: on },
  MessageList: { Content: { add: (added) => { drawn = added; draw(); } } },
  Plugins: {
    init: (Plugin) => {
      const plugin = new Plugin();
      window.plugin = { name: plugin.name, version: plugin.version };
      plugin.init(flex, manager);
    },
  },
};
window.Twilio = { Flex: flex };
</script><script src="/plugin.js"></script>`;
